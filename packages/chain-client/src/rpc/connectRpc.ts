/** The node's RPC through CosmJS, reduced to what `ChainRpc` names. An unreachable node is a typed error, never a hang. */
import {
  Comet38Client,
  type comet38,
  HttpClient,
  toRfc3339WithNanoseconds,
} from "@cosmjs/tendermint-rpc";
import { R3mesError } from "@r3mes/protocol";
import type { ChainRpc, CheckResult, ExecutionResult, RawEvent } from "./chainRpc.ts";

export interface RpcOptions {
  /** A node that is silent for longer counts as unreachable. */
  readonly answerWithinMs?: number;
}

/** `url` is the node's RPC address, such as http://127.0.0.1:26657. Nothing is asked of it yet: a node may be away until it is. */
export async function connectRpc(
  url: string,
  { answerWithinMs = 30_000 }: RpcOptions = {},
): Promise<ChainRpc> {
  const client = await reach(url, async () =>
    Comet38Client.create(new HttpClient(url, answerWithinMs)),
  );
  return {
    status: () => reach(url, async () => toStatus(await client.status())),
    block: (height) =>
      reach(url, async () => {
        const { block, blockId } = await client.block(Number(height));
        return {
          height: BigInt(block.header.height),
          hash: blockId.hash,
          parentHash: block.header.lastBlockId?.hash ?? new Uint8Array(),
          proposer: block.header.proposerAddress,
          time: nanoseconds(block.header.time),
          transactions: block.txs,
        };
      }),
    blockResults: (height) =>
      reach(url, async () => {
        const results = await client.blockResults(Number(height));
        return {
          height: BigInt(results.height),
          transactions: results.results.map(toExecution),
          blockEvents: results.finalizeBlockEvents.map(toEvent),
        };
      }),
    async broadcast(tx) {
      try {
        return await reach(url, async () => {
          const { code, codespace = "", log = "" } = await client.broadcastTxSync({ tx });
          return { code, codespace, log };
        });
      } catch (error) {
        const refused = refusedByMempool(error);
        if (refused === undefined) throw error;
        return refused;
      }
    },
    query: (path, data, height) =>
      reach(url, async () => {
        const answer = await client.abciQuery({ path, data, height: Number(height), prove: false });
        return {
          code: answer.code ?? 0,
          codespace: answer.codespace,
          log: answer.log ?? "",
          value: answer.value,
          height: BigInt(answer.height ?? 0),
        };
      }),
    close: () => client.disconnect(),
  };
}

/** A node closes connections that were idle; the next call over one finds it closed, and says nothing about the node. */
const closedConnection = /other side closed|ECONNRESET|EPIPE|socket hang up/;

/**
 * The height moves before the results of its block are stored; and behind one address one node may have told a height that another, which
 * is asked next, does not have yet.
 */
const notYetThere =
  /could not find results for height|must be less than or equal to the current blockchain height/;

/** Of two nodes behind one address one may have pruned what the other names as its own. */
const pruned = /height (\d+) is not available, lowest height is (\d+)/;

/** Tells "the node does not answer" from "the node answers with an error", which its own text explains. */
async function reach<T>(url: string, call: () => Promise<T>, isAgain = false): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : "";
    if (notYetThere.test(text)) {
      throw new R3mesError({ code: "BLOCK_NOT_READY", url }, { cause: error });
    }
    const [, wanted, earliest] = pruned.exec(text) ?? [];
    if (wanted !== undefined && earliest !== undefined) {
      const facts = { wanted: BigInt(wanted), earliest: BigInt(earliest) };
      throw new R3mesError({ code: "BLOCKS_PRUNED", ...facts }, { cause: error });
    }
    if (/^\{.*"code":/s.test(text)) {
      throw new R3mesError({ code: "NODE_ANSWERED_ERROR", url, answer: text }, { cause: error });
    }
    const reason = cause === "" ? text : cause;
    // Every call may be repeated: reads change nothing, and a transaction is the same one when it comes twice.
    if (!isAgain && closedConnection.test(reason)) return reach(url, call, true);
    throw new R3mesError({ code: "NODE_UNREACHABLE", url, reason }, { cause: error });
  }
}

/** By CometBFT's words, the codes of the codespace "sdk". Source: `CheckCometError` of the Cosmos SDK. */
const mempoolRefusals: readonly (readonly [words: string, code: number])[] = [
  ["tx already exists in cache", 19],
  ["mempool is full", 20],
  ["tx too large", 21],
];

/** What the mempool refuses before the application sees it, the node reports as an error of its own. */
function refusedByMempool(error: unknown): CheckResult | undefined {
  if (!(error instanceof R3mesError) || error.code !== "NODE_ANSWERED_ERROR") return undefined;
  const answer = String(error.facts.answer);
  const found = mempoolRefusals.find(([words]) => answer.toLowerCase().includes(words));
  const log = /"data":"([^"]*)"/.exec(answer)?.[1] ?? answer;
  return found && { code: found[1], codespace: "sdk", log };
}

function toStatus({ nodeInfo, syncInfo }: comet38.StatusResponse) {
  return {
    chainId: nodeInfo.network,
    latestHeight: BigInt(syncInfo.latestBlockHeight),
    earliestHeight: BigInt(syncInfo.earliestBlockHeight ?? 1),
    latestTime: nanoseconds(syncInfo.latestBlockTime),
    catchingUp: syncInfo.catchingUp,
  };
}

function toExecution(data: comet38.TxData): ExecutionResult {
  return {
    code: data.code,
    codespace: data.codespace ?? "",
    log: data.log ?? "",
    gasWanted: data.gasWanted,
    gasUsed: data.gasUsed,
    events: data.events.map(toEvent),
  };
}

function toEvent({ type, attributes }: comet38.Event): RawEvent {
  return { type, attributes };
}

/** CosmJS gives a date of milliseconds with the nanoseconds beside it; their text is exact. */
function nanoseconds(time: Parameters<typeof toRfc3339WithNanoseconds>[0]): bigint {
  const text = toRfc3339WithNanoseconds(time);
  const fraction = /\.(\d{9})Z$/.exec(text)?.[1] ?? "0";
  const seconds = BigInt(Math.floor(time.getTime() / 1000));
  return seconds * 1_000_000_000n + BigInt(fraction);
}
