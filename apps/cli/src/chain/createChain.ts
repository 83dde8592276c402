/**
 * Makes a new chain: a home folder with fresh keys for every validator and one genesis for all.
 * Keys are made by the node itself and lie only in those folders; no phrase is kept or printed.
 */
import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { NodePorts, ValidatorState } from "../localnet/localnetState.ts";
import { runRemesd } from "./runRemesd.ts";

export const localChainId = "remesdev-1";

export type ChainPlan = {
  readonly remesd: string;
  /** The folder in which one home per validator is made. */
  readonly folder: string;
  /** One entry per validator. */
  readonly ports: readonly NodePorts[];
};

const denom = "uremes";
/** A million REMES for every validator, half of them staked, so that all have equal votes. */
const balanceUremes = 1_000_000_000_000n;
const stakeUremes = balanceUremes / 2n;
const keyName = "validator";

export async function createChain(
  plan: ChainPlan,
  onStep: (text: string) => void,
): Promise<readonly ValidatorState[]> {
  const nodes = plan.ports.map((ports, index) => {
    const name = `validator-${index}`;
    return { name, ports, home: join(plan.folder, name) };
  });
  const first = nodes[0]!;
  const remesd = (home: string, ...args: string[]) =>
    runRemesd(plan.remesd, [...args, "--home", home]);
  const keyring = ["--keyring-backend", "test"];
  const chain = ["--chain-id", localChainId];

  onStep("making keys");
  for (const { name, home } of nodes) {
    await remesd(home, "init", name, ...chain, "--default-denom", denom);
    await remesd(home, "keys", "add", keyName, ...keyring, "--output", "json");
    const address = await remesd(home, "keys", "show", keyName, "--address", ...keyring);
    const coins = `${balanceUremes}${denom}`;
    await remesd(first.home, "genesis", "add-genesis-account", address, coins);
  }

  onStep("writing the genesis");
  const declarations = join(plan.folder, "gentx");
  mkdirSync(declarations);
  for (const { name, home, ports } of nodes) {
    shareGenesis(first.home, home);
    const reach = ["--ip", "127.0.0.1", "--p2p-port", String(ports.p2p)];
    const out = ["--output-document", join(declarations, `${name}.json`)];
    const stake = `${stakeUremes}${denom}`;
    await remesd(home, "genesis", "gentx", keyName, stake, ...chain, ...keyring, ...reach, ...out);
  }
  await remesd(first.home, "genesis", "collect-gentxs", "--gentx-dir", declarations);
  rmSync(declarations, { recursive: true });
  await remesd(first.home, "genesis", "validate-genesis");

  const validators: ValidatorState[] = [];
  for (const { name, home, ports } of nodes) {
    shareGenesis(first.home, home);
    protectKeys(home);
    validators.push({ name, ports, nodeId: await remesd(home, "comet", "show-node-id") });
  }
  return validators;
}

function shareGenesis(from: string, to: string): void {
  if (from === to) return;
  copyFileSync(join(from, "config/genesis.json"), join(to, "config/genesis.json"));
}

// The node chooses modes of its own; a key is for this user alone, whatever it chose.
function protectKeys(home: string): void {
  const keyring = join(home, "keyring-test");
  const keys = [
    ...readdirSync(keyring).map((file) => join(keyring, file)),
    join(home, "config/priv_validator_key.json"),
    join(home, "config/node_key.json"),
  ];
  for (const key of keys) chmodSync(key, 0o600);
  chmodSync(keyring, 0o700);
}
