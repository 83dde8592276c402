/** A chain in memory for the tests of this package: blocks are made by hand, so that every order of events can be had. */
import { create, toBinary } from "@bufbuild/protobuf";
import { QueryParamsResponseSchema } from "@r3mes/protocol/messages";
import type {
  BlockData,
  ChainRpc,
  CheckResult,
  ExecutionResult,
  QueryResult,
} from "../rpc/chainRpc.ts";

const second = 1_000_000_000n;

/** Blocks of different chains of the same height have the same hash here, unless a test gives them another. */
function hashAt(height: bigint): Uint8Array {
  return new Uint8Array(32).fill(Number(height % 251n));
}

function blockAt(height: bigint, transactions: readonly Uint8Array[]): BlockData {
  return {
    height,
    hash: hashAt(height),
    parentHash: height === 1n ? new Uint8Array() : hashAt(height - 1n),
    proposer: new Uint8Array(20),
    time: height * second,
    transactions,
  };
}

export interface TestChain extends ChainRpc {
  /** Makes a block of what was offered and accepted since the last one. */
  makeBlock(result?: Partial<ExecutionResult>): void;
  readonly offered: Uint8Array[];
  /** What CheckTx will answer, in order; accepts when the list is empty. */
  readonly answers: CheckResult[];
  /** Calls that will fail before one succeeds. */
  failures: { count: number; error: Error };
  queryAnswers: Record<string, Partial<QueryResult>>;
  chainId: string;
}

/** What a node answers to a question about the parameters, of which only the least gas price is set. */
export function paramsAnswer(gasPriceMin: bigint): Partial<QueryResult> {
  const response = create(QueryParamsResponseSchema, {
    params: { params: { block: { gasPriceMin } } },
  });
  return { value: toBinary(QueryParamsResponseSchema, response) };
}

export const executed: ExecutionResult = {
  code: 0,
  codespace: "",
  log: "",
  gasWanted: 0n,
  gasUsed: 0n,
  events: [],
};

export function createTestChain(): TestChain {
  const blocks: BlockData[] = [blockAt(1n, [])];
  const results: ExecutionResult[][] = [[]];
  let pending: Uint8Array[] = [];
  const chain: TestChain = {
    offered: [],
    answers: [],
    failures: { count: 0, error: new Error("unset") },
    queryAnswers: {},
    chainId: "remesdev-1",
    makeBlock(result = {}) {
      const height = BigInt(blocks.length + 1);
      blocks.push(blockAt(height, pending));
      results.push(pending.map(() => ({ ...executed, ...result })));
      pending = [];
    },
    async status() {
      fail();
      const latest = blocks.at(-1)!;
      return {
        chainId: chain.chainId,
        latestHeight: latest.height,
        earliestHeight: 1n,
        latestTime: latest.time,
        catchingUp: false,
      };
    },
    async block(height) {
      fail();
      return blocks[Number(height) - 1]!;
    },
    async blockResults(height) {
      fail();
      return { height, transactions: results[Number(height) - 1]!, blockEvents: [] };
    },
    async broadcast(bytes) {
      fail();
      const answer = chain.answers.shift() ?? { code: 0, codespace: "", log: "" };
      chain.offered.push(bytes);
      if (answer.code === 0) pending.push(bytes);
      return answer;
    },
    async query(path) {
      fail();
      return {
        code: 0,
        codespace: "",
        log: "",
        value: new Uint8Array(),
        height: 0n,
        ...chain.queryAnswers[path],
      };
    },
    close: () => undefined,
  };
  return chain;

  function fail(): void {
    if (chain.failures.count === 0) return;
    chain.failures.count -= 1;
    throw chain.failures.error;
  }
}
