/**
 * What one validator does in a second, beside the SDK's own transfers on the same node, which stand for a chain without a module of
 * ours; what a disputed tile, a duty and the end of a block cost, by the Go benchmarks of the module. Nothing else should run.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  type ChainMessage,
  type ChainRpc,
  chainMessage,
  queryAccount,
  sendMessage,
} from "@r3mes/chain-client";
import { estimateGas, signTransaction } from "@r3mes/chain-client/testing";
import { MsgSetOperatorSchema } from "@r3mes/protocol/messages";
import { systemClock } from "@r3mes/service";
import type { Bench, Contest, Contestant } from "@r3mes/tools/bench";
import { createKey, type Key } from "./createActor.ts";
import { chainId, startChain } from "./startChain.ts";

const rounds = 3;
const accounts = 20;
const gasMax = 10_000_000n; // of a transaction, in every preset

/** Some transactions with some messages each. */
interface Load {
  readonly name: string;
  readonly transactions: number;
  readonly messagesEach: number;
}

const loads: readonly Load[] = [
  { name: "transactions of one message", transactions: 1_000, messagesEach: 1 },
  { name: "transactions of 100 messages", transactions: 100, messagesEach: 100 },
];

const makers = {
  "x/remes": ({ address }: Key): ChainMessage =>
    chainMessage(MsgSetOperatorSchema, { owner: address, operator: address }),
  "x/bank": ({ address }: Key): ChainMessage => sendMessage(address, address, 1n),
};
type Module = keyof typeof makers;

export const bench: Bench = {
  about: "One validator: messages a second, memory; a disputed tile, a duty, the end of a block.",
  async contests() {
    return [
      ...(await measureNode()),
      ...(await runGo("referee", "BenchmarkTile")),
      ...(await runGo("keeper", "BenchmarkMessages/^(Commit|RevealVerdict)$")),
      ...(await runGo("keeper", "BenchmarkEndBlock")),
    ];
  },
};

/** The node has to end before anything is told, so its samples are taken here, in turns. */
async function measureNode(): Promise<readonly Contest[]> {
  const keys = await Promise.all(Array.from({ length: accounts }, createKey));
  const balances = new Map(keys.map(({ address }) => [address, 1_000_000_000_000n]));
  const chain = await startChain({ accounts: balances, blockMs: 500 });
  try {
    const memory = await chain.residentBytes();
    const contests: Contest[] = [];
    for (const load of loads) {
      const samples: Record<Module, number[]> = { "x/remes": [], "x/bank": [] };
      for (let round = 0; round <= rounds; round += 1) {
        for (const module of ["x/remes", "x/bank"] as const) {
          samples[module].push(await messagesPerSecond(chain.rpc, keys, load, makers[module]));
        }
      }
      const [ours, theirs] = [recorded("x/remes", samples), recorded("x/bank", samples)];
      contests.push({ name: load.name, unit: "messages/s", ours, rivals: [theirs], rounds });
    }
    return [...contests, single("memory of an idle node", "MB", memory / 1e6)];
  } finally {
    await chain.stop();
  }
}

function recorded(module: Module, samples: Record<Module, number[]>): Contestant {
  const values = samples[module].values();
  return { label: module, sample: () => values.next().value ?? Number.NaN };
}

function single(name: string, unit: string, value: number): Contest {
  return { name, unit, ours: { label: name, sample: () => value }, rivals: [], rounds: 1 };
}

/** Signs a load, offers it, and counts what blocks hold of it over the time of those blocks. */
async function messagesPerSecond(
  rpc: ChainRpc,
  keys: readonly Key[],
  { transactions, messagesEach }: Load,
  make: (key: Key) => ChainMessage,
): Promise<number> {
  const expiry = BigInt(systemClock.nowMs() + 120_000) * 1_000_000n;
  const sign = async (key: Key, place: number, gas: bigint) => {
    const { accountNumber } = await queryAccount(rpc, key.address);
    const messages = Array.from({ length: messagesEach }, () => make(key));
    const ordering = { kind: "unordered", timeout: expiry + BigInt(place) } as const;
    const draft = { messages, ordering, gas, fee: gas / 1_000n + 1n };
    return signTransaction(draft, { chainId, accountNumber, address: key.address }, key.signer);
  };
  const estimate = await estimateGas(rpc, await sign(keys[0]!, 0, gasMax));
  const signed: Uint8Array[] = [];
  for (let i = 0; i < transactions; i += 1) {
    signed.push(await sign(keys[i % keys.length]!, i, (estimate * 11n) / 10n));
  }
  const { latestHeight } = await rpc.status();
  for (let at = 0; at < signed.length; at += 50) {
    const answers = await Promise.all(signed.slice(at, at + 50).map((tx) => rpc.broadcast(tx)));
    const refused = answers.find(({ code }) => code !== 0);
    if (refused !== undefined) throw new Error(refused.log);
  }
  return (transactions * messagesEach) / (await secondsOf(rpc, latestHeight + 1n, transactions));
}

/**
 * From the decision about the first block of some transactions to the one after their last block,
 * which comes when that one has been executed. A block bears the time of the decision before it.
 */
async function secondsOf(rpc: ChainRpc, first: bigint, transactions: number): Promise<number> {
  const decidedAt = async (height: bigint) => (await rpc.block(height + 1n)).time;
  let [left, begun] = [transactions, 0n];
  for (let height = first; ; height += 1n) {
    while ((await rpc.status()).latestHeight < height + 2n) await systemClock.sleep(50);
    const [block, results] = await Promise.all([rpc.block(height), rpc.blockResults(height)]);
    const failed = results.transactions.find(({ code }) => code !== 0);
    if (failed !== undefined) throw new Error(failed.log);
    if (begun === 0n && block.transactions.length > 0) begun = await decidedAt(height);
    left -= block.transactions.length;
    if (left === 0) return Number((await decidedAt(height + 1n)) - begun) / 1e9;
  }
}

/** Figures of Go benchmarks, in milliseconds. */
async function runGo(folder: string, pattern: string): Promise<readonly Contest[]> {
  const cwd = join(import.meta.dirname, "../chain");
  const args = ["test", "-trimpath", "-run", "^$", "-bench", pattern, `./x/remes/${folder}`];
  const { stdout } = await promisify(execFile)("go", args, { cwd, maxBuffer: 1 << 24 });
  const lines = stdout.matchAll(/^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns\/op/gm);
  return [...lines].map(([, name, nanos]) => single(name!, "ms", Number(nanos) / 1e6));
}
