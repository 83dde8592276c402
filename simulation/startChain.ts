/** A real node with one validator in a folder of its own, on free ports of loopback. It ends with `stop`. */
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type ChainRpc, connectRpc } from "@r3mes/chain-client";
import { systemClock } from "@r3mes/service";
import { freePort } from "@r3mes/tools/freePort";

const run = promisify(execFile);
const remesd = join(import.meta.dirname, "../chain/bin/remesd");

export const chainId = "remesdev-1";

export interface RunningChain {
  readonly rpc: ChainRpc;
  /** Address of its RPC, for processes. */
  readonly url: string;
  /** A query of the node's own client, as JSON text. */
  ask(...args: readonly string[]): Promise<string>;
  /** A transaction of the validator by the node's own client. */
  sendAsValidator(...args: readonly string[]): Promise<string>;
  /** Memory that its process holds. */
  residentBytes(): Promise<number>;
  stop(): Promise<void>;
}

export interface ChainOptions {
  /** Addresses with their first balance in uremes. */
  readonly accounts: ReadonlyMap<string, bigint>;
  readonly blockMs: number;
  /** Where its RPC is, if that was said before it starts. */
  readonly rpcPort?: number;
}

export async function startChain(options: ChainOptions): Promise<RunningChain> {
  const home = await mkdtemp(join(tmpdir(), "r3mes-chain-"));
  const ports = {
    p2p: await freePort(),
    rpc: options.rpcPort ?? (await freePort()),
    grpc: await freePort(),
  };
  await initialise(home, options);
  const config = [
    ...["--home", home, "--log_level", "error", "--api.enable=false", "--grpc-web.enable=false"],
    ...[
      "--p2p.laddr",
      `tcp://127.0.0.1:${ports.p2p}`,
      "--rpc.laddr",
      `tcp://127.0.0.1:${ports.rpc}`,
    ],
    ...["--grpc.address", `127.0.0.1:${ports.grpc}`],
  ];
  const node = spawn(remesd, ["start", ...config], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [node.stdout, node.stderr]) {
    stream.on("data", (bytes) => {
      output = (output + String(bytes)).slice(-20_000);
    });
  }
  const url = `http://127.0.0.1:${ports.rpc}`;
  const stop = async () => {
    if (node.exitCode === null) {
      const ended = new Promise((resolve) => node.once("exit", resolve));
      node.kill("SIGKILL");
      await ended;
    }
    await rm(home, { recursive: true, force: true });
  };
  const rpc = await untilBlocks(url, () => {
    if (node.exitCode !== null) throw new Error(`the node has ended:\n${output}`);
  }).catch(async (error) => {
    await stop();
    throw error;
  });
  const keyring = ["--keyring-backend", "test"];
  const call = async (args: readonly string[]) => {
    const place = ["--home", home, "--node", `tcp://127.0.0.1:${ports.rpc}`];
    const { stdout } = await run(remesd, [...args, ...place]);
    return stdout;
  };
  return {
    rpc,
    url,
    ask: (...args) => call(["query", ...args, "--output", "json"]),
    sendAsValidator: (...args) =>
      call(["tx", ...args, "--from", "validator", ...keyring, "--chain-id", chainId, "-y"]),
    async residentBytes() {
      const { stdout } = await run("ps", ["-o", "rss=", "-p", String(node.pid)]);
      return Number(stdout) * 1024;
    },
    async stop() {
      rpc.close();
      await stop();
    },
  };
}

async function initialise(home: string, { accounts, blockMs }: ChainOptions): Promise<void> {
  const call = (...args: string[]) => run(remesd, [...args, "--home", home]);
  const keyring = ["--keyring-backend", "test"];
  await call("init", "simulation", "--chain-id", chainId, "--default-denom", "uremes");
  const { stdout } = await call(
    "keys",
    "add",
    "validator",
    "--no-backup",
    "--output",
    "json",
    ...keyring,
  );
  const { address } = JSON.parse(stdout) as { address: string };
  const balances = new Map([[address, 1_000_000_000_000n], ...accounts]);
  for (const [account, uremes] of balances) {
    await call("genesis", "add-genesis-account", account, `${uremes}uremes`);
  }
  await call(
    "genesis",
    "gentx",
    "validator",
    "500000000000uremes",
    "--chain-id",
    chainId,
    ...keyring,
  );
  await call("genesis", "collect-gentxs");
  await quicken(home, blockMs);
}

/** Blocks and votes of a network that one process waits for. */
async function quicken(home: string, blockMs: number): Promise<void> {
  const config = join(home, "config/config.toml");
  const toml = await readFile(config, "utf8");
  await writeFile(
    config,
    toml.replace(/^timeout_commit = .*$/m, `timeout_commit = "${blockMs}ms"`),
  );
  const path = join(home, "config/genesis.json");
  const genesis = JSON.parse(await readFile(path, "utf8"));
  const { params } = genesis.app_state.gov;
  // A vote is a process of its own, which takes seconds on a machine that has other work.
  params.voting_period = "10s";
  params.expedited_voting_period = "9s";
  await writeFile(path, JSON.stringify(genesis));
}

async function untilBlocks(url: string, check: () => void): Promise<ChainRpc> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    check();
    await systemClock.sleep(200);
    try {
      const rpc = await connectRpc(url);
      if ((await rpc.status()).latestHeight >= 1n) return rpc;
      rpc.close();
    } catch {
      // The node is not up yet; `check` says when it never will be.
    }
  }
  throw new Error("the node made no block");
}
