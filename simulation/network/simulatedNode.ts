/**
 * A node of the chain without consensus: transactions wait in its mempool, and a block takes them when it is asked for one. Each
 * participant reaches it over a link of its own, which may be cut or slow. It keeps all blocks, and decides nothing.
 */
import { createHash } from "node:crypto";
import type { ChainRpc, CheckResult, ExecutionResult, RawEvent } from "@r3mes/chain-client";
import type { Clock } from "@r3mes/service";
import { TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { createCachedQueries } from "./cachedQueries.ts";
import type { Answer, Event, Remesim, Transaction } from "./remesim.ts";
import { type KeptBlock, type Link, type NodeAnswers, rpcOver } from "./rpcOver.ts";

export interface NodeOptions {
  readonly chainId: string;
  /** Of the first block, in seconds since 1970. */
  readonly startSeconds: number;
  readonly blockSeconds: number;
  /** The order in which a block takes what waits. */
  readonly order: (transactions: readonly Uint8Array[]) => readonly Uint8Array[];
}

export interface MadeBlock {
  readonly height: bigint;
  readonly appHash: string;
  /** Of the block and of its transactions. */
  readonly events: readonly RawEvent[];
  readonly blockEvents: readonly RawEvent[];
  readonly transactions: readonly ExecutionResult[];
  readonly broken: string | undefined;
}

export interface SimulatedNode {
  readonly height: () => bigint;
  makeBlock(): MadeBlock;
  /** A block of messages that nobody signs: governance, and whoever is no participant. Throws if one is refused. */
  decree(messages: readonly { readonly typeUrl: string; readonly value: Uint8Array }[]): MadeBlock;
  rpcOver(link: Link): ChainRpc;
}

const expired: CheckResult = { code: 18, codespace: "sdk", log: "transaction has timed out" };
const alreadyKnown: CheckResult = { code: 19, codespace: "sdk", log: "already in the mempool" };
const taken: CheckResult = { code: 0, codespace: "", log: "" };

export function createSimulatedNode(
  options: NodeOptions,
  { remesim, clock }: { readonly remesim: Remesim; readonly clock: Clock },
): SimulatedNode {
  // The start makes block 1, of which nobody needs more than its place.
  const blocks: KeptBlock[] = [emptyBlock(1n, timeOf(1n))];
  let waiting: Uint8Array[] = [];
  const known = new Set<string>();
  const queries = createCachedQueries(remesim);

  const height = () => BigInt(blocks.length);
  function timeOf(at: bigint): bigint {
    return (BigInt(options.startSeconds) + at * BigInt(options.blockSeconds)) * 1_000_000_000n;
  }

  function block(transactions: readonly Transaction[], raw: readonly Uint8Array[]): MadeBlock {
    const request = { seconds: options.blockSeconds, transactions, check: true };
    const repeated = queries.repeated().map((query) => ({ query }));
    const [answer, ...answers] = remesim.askAll([{ block: request }, ...repeated]);
    if (answer?.error !== undefined) throw new Error(`remesim refused: ${answer.error}`);
    const at = height() + 1n;
    const { hash: parentHash } = blocks.at(-1)!.data;
    const made = madeBlock(at, answer!);
    blocks.push({
      data: { ...emptyBlock(at, timeOf(at)).data, parentHash, transactions: [...raw] },
      results: { height: at, transactions: made.transactions, blockEvents: made.blockEvents },
    });
    queries.renew(answers, at, raw.length === 0 && transactions.length > 0);
    return made;
  }

  const node: NodeAnswers = {
    status: () => ({
      chainId: options.chainId,
      latestHeight: height(),
      earliestHeight: 1n,
      latestTime: timeOf(height()),
      catchingUp: false,
    }),
    kept: (at) => blocks[Number(at) - 1],
    offer(bytes) {
      if (timeoutOf(bytes) <= timeOf(height())) return expired;
      const hash = createHash("sha256").update(bytes).digest("hex");
      if (known.has(hash)) return alreadyKnown;
      known.add(hash);
      waiting.push(bytes);
      return taken;
    },
    query: (path, request) => queries.query(path, request, height()),
  };

  return {
    height,
    makeBlock() {
      const now = timeOf(height() + 1n);
      const raw = options.order(waiting.filter((bytes) => timeoutOf(bytes) > now));
      waiting = [];
      return block(
        raw.map((bytes) => ({ raw: base64(bytes) })),
        raw,
      );
    },
    decree(messages) {
      const encoded = messages.map(({ typeUrl, value }) => ({ typeUrl, value: base64(value) }));
      const made = block([{ messages: encoded }], []);
      const refused = made.transactions.find(({ code }) => code !== 0);
      if (refused !== undefined) throw new Error(`a decree was refused: ${refused.log}`);
      return made;
    },
    rpcOver: (link) => rpcOver(link, node, clock),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function madeBlock(height: bigint, answer: Answer): MadeBlock {
  const { appHash, broken } = answer;
  const transactions = (answer.transactions ?? []).map(resultOf);
  const events = (answer.events ?? []).map(eventOf);
  const all = [...transactions.flatMap((result) => result.events), ...events];
  return { height, appHash, events: all, blockEvents: events, transactions, broken };
}

function emptyBlock(height: bigint, time: bigint): KeptBlock {
  const hash = createHash("sha256").update(String(height)).digest();
  const none = new Uint8Array(0);
  return {
    data: { height, hash, parentHash: none, proposer: none, time, transactions: [] },
    results: { height, transactions: [], blockEvents: [] },
  };
}

function resultOf(result: NonNullable<Answer["transactions"]>[number]): ExecutionResult {
  return {
    code: result.code,
    codespace: result.codespace ?? "",
    log: result.log ?? "",
    gasWanted: 0n,
    gasUsed: BigInt(result.gasUsed),
    events: (result.events ?? []).map(eventOf),
  };
}

function eventOf({ type, attributes }: Event): RawEvent {
  return { type, attributes: attributes.map(([key, value]) => ({ key, value })) };
}

/** Chain time after which the bytes are dead, in nanoseconds since 1970. */
function timeoutOf(bytes: Uint8Array): bigint {
  const { timeoutTimestamp } = TxBody.decode(TxRaw.decode(bytes).bodyBytes);
  if (timeoutTimestamp === undefined) throw new Error("participants send unordered transactions");
  return timeoutTimestamp.seconds * 1_000_000_000n + BigInt(timeoutTimestamp.nanos);
}
