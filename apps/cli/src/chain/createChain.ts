/**
 * Makes a new chain: a home folder with fresh keys for every validator and one genesis for all.
 * Keys are made by the node itself and lie only in those folders; no phrase is kept or printed.
 */
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "@r3mes/service/command";
import type { NodePorts, ValidatorState } from "../localnet/localnetState.ts";
import { runRemesd } from "./runRemesd.ts";

export const localChainId = "remesdev-1";

export type ChainPlan = {
  readonly remesd: string;
  /** The folder in which one home per validator is made. */
  readonly folder: string;
  /** One entry per validator. */
  readonly ports: readonly NodePorts[];
  /** Accounts with a first balance, in uremes, beside those of the validators. */
  readonly accounts: ReadonlyMap<string, bigint>;
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
  const addresses = await Promise.all(
    nodes.map(async ({ name, home }) => {
      await remesd(home, "init", name, ...chain, "--default-denom", denom);
      return makeKey((...args) => remesd(home, ...args, ...keyring));
    }),
  );

  onStep("writing the genesis");
  const balances = new Map([
    ...addresses.map((address) => [address, balanceUremes] as const),
    ...plan.accounts,
  ]);
  for (const [address, uremes] of balances) {
    await remesd(first.home, "genesis", "add-genesis-account", address, `${uremes}${denom}`);
  }
  quickenVotes(first.home);
  const declarations = join(plan.folder, "gentx");
  mkdirSync(declarations);
  await Promise.all(
    nodes.map(({ name, home, ports }) => {
      shareGenesis(first.home, home);
      const reach = ["--ip", "127.0.0.1", "--p2p-port", String(ports.p2p)];
      const out = ["--output-document", join(declarations, `${name}.json`)];
      const declare = ["genesis", "gentx", keyName, `${stakeUremes}${denom}`, ...chain, ...keyring];
      return remesd(home, ...declare, ...reach, ...out);
    }),
  );
  await remesd(first.home, "genesis", "collect-gentxs", "--gentx-dir", declarations);
  rmSync(declarations, { recursive: true });

  return Promise.all(
    nodes.map(async ({ name, home, ports }) => {
      shareGenesis(first.home, home);
      protectKeys(home);
      return { name, ports, nodeId: await remesd(home, "comet", "show-node-id") };
    }),
  );
}

/** The founder's proposals pass within seconds: there is nobody else to wait for. */
function quickenVotes(home: string): void {
  const path = join(home, "config/genesis.json");
  const genesis = JSON.parse(readFileSync(path, "utf8"));
  const { params } = genesis.app_state.gov;
  params.voting_period = "5s";
  params.expedited_voting_period = "4s";
  writeWhole(path, JSON.stringify(genesis, null, 1));
}

/** Makes the validator's key and returns its address. */
async function makeKey(remesd: (...args: string[]) => Promise<string>): Promise<string> {
  // Without a backup the phrase from which the key could be restored is never printed.
  const made = await remesd("keys", "add", keyName, "--no-backup", "--output", "json");
  return (JSON.parse(made) as { readonly address: string }).address;
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
