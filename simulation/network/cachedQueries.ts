/** What the state of the chain answers between two blocks: equal questions have equal answers, so each is asked once. */
import type { QueryResult } from "@r3mes/chain-client";
import { SimulateRequest, SimulateResponse } from "cosmjs-types/cosmos/tx/v1beta1/service";
import type { Answer, Remesim } from "./remesim.ts";

export interface CachedQueries {
  query(path: string, request: Uint8Array, height: bigint): QueryResult;
  /** A block was made; with a decree in it, everything may be another. */
  forget(wasDecree: boolean): void;
}

/** What only a decree changes. */
const governed: ReadonlySet<string> = new Set([
  "/remes.v1.Query/Dataset",
  "/remes.v1.Query/Model",
  "/remes.v1.Query/Params",
]);

const simulatePath = "/cosmos.tx.v1beta1.Service/Simulate";

export function createCachedQueries(remesim: Remesim): CachedQueries {
  const answers = new Map<string, QueryResult>();
  const lasting = new Map<string, QueryResult>();
  return {
    query(path, request, height) {
      const data = Buffer.from(request).toString("base64");
      const key = `${path} ${data}`;
      const cache = governed.has(path) ? lasting : answers;
      const found = cache.get(key);
      if (found !== undefined) return found;
      const given =
        path === simulatePath ? simulate(remesim, request) : remesim.ask({ query: { path, data } });
      const answer = queryResult(given, height);
      cache.set(key, answer);
      return answer;
    },
    forget(wasDecree) {
      answers.clear();
      if (wasDecree) lasting.clear();
    },
  };
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
