/** What the state of the chain answers between two blocks: equal questions have equal answers, so each is asked once. */
import type { QueryResult } from "@r3mes/chain-client";
import { SimulateRequest, SimulateResponse } from "cosmjs-types/cosmos/tx/v1beta1/service";
import type { Answer, Remesim, Request } from "./remesim.ts";

export interface CachedQueries {
  query(path: string, request: Uint8Array, height: bigint): QueryResult;
  /**
   * Everything that was asked since the last block, to be asked again with the next: whoever wants to know his duties wants to know
   * them again, and one question of many parts is answered sooner than many.
   */
  repeated(): readonly RemesimQuery[];
  /** A block was made, and these are its answers to what was repeated. With a decree in it, everything may be another. */
  renew(answers: readonly Answer[], height: bigint, wasDecree: boolean): void;
}

type RemesimQuery = NonNullable<Request["query"]>;

/** Far below what a pipe holds, since nobody reads answers while questions are written. */
const repeatedBytesMax = 16_384;

/** What only a decree changes. */
const governed: ReadonlySet<string> = new Set([
  "/remes.v1.Query/Dataset",
  "/remes.v1.Query/Model",
  "/remes.v1.Query/Params",
]);

const simulatePath = "/cosmos.tx.v1beta1.Service/Simulate";

export function createCachedQueries(remesim: Remesim): CachedQueries {
  let answers = new Map<string, QueryResult>();
  const lasting = new Map<string, QueryResult>();
  const used = new Map<string, RemesimQuery>();
  let asked: RemesimQuery[] = [];
  return {
    query(path, request, height) {
      const data = Buffer.from(request).toString("base64");
      const query = { path, data };
      const key = keyOf(query);
      const isLasting = governed.has(path);
      if (!isLasting && path !== simulatePath) used.set(key, query);
      const cache = isLasting ? lasting : answers;
      const found = cache.get(key);
      if (found !== undefined) return found;
      const given = path === simulatePath ? simulate(remesim, request) : remesim.ask({ query });
      const answer = queryResult(given, height);
      cache.set(key, answer);
      return answer;
    },
    repeated() {
      let bytes = 0;
      asked = [...used.values()].filter(({ path, data }) => {
        bytes += path.length + data.length + 50;
        return bytes <= repeatedBytesMax;
      });
      return asked;
    },
    renew(given, height, wasDecree) {
      used.clear();
      const before = answers;
      answers = new Map();
      if (wasDecree) lasting.clear();
      given.forEach((answer, i) => {
        const key = keyOf(asked[i]!);
        answers.set(key, sameBytes(before.get(key), queryResult(answer, height)));
      });
    },
  };
}

/** What has not changed since the last block stays the same bytes, so that nobody has to read them again. */
function sameBytes(before: QueryResult | undefined, now: QueryResult): QueryResult {
  return before !== undefined && Buffer.compare(before.value, now.value) === 0
    ? { ...now, value: before.value }
    : now;
}

function keyOf({ path, data }: RemesimQuery): string {
  return `${path} ${data}`;
}

/** The service of a node for estimates, which the chain's own command has as a request. */
function simulate(remesim: Remesim, request: Uint8Array): Answer {
  const { txBytes } = SimulateRequest.decode(request);
  const answer = remesim.ask({ simulate: { raw: Buffer.from(txBytes).toString("base64") } });
  const gasInfo = { gasUsed: BigInt(answer.gasUsed ?? 0) };
  const value = SimulateResponse.encode(SimulateResponse.fromPartial({ gasInfo })).finish();
  return { ...answer, value: Buffer.from(value).toString("base64") };
}

function queryResult({ error, value = "" }: Answer, height: bigint): QueryResult {
  const bytes = Uint8Array.from(Buffer.from(value, "base64"));
  const refusedBySdk = 1;
  return error === undefined
    ? { code: 0, codespace: "", log: "", value: bytes, height }
    : { code: refusedBySdk, codespace: "sdk", log: error, value: bytes, height };
}
