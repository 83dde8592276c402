/** The chain's records that a replay depends on, as the API hands them over: each in its own encoding, in hexadecimal. */
import { fromBinary } from "@bufbuild/protobuf";
import { fromHex } from "@r3mes/protocol";
import {
  DatasetSchema,
  ModelSchema,
  PoolSchema,
  RoundSchema,
  SubmissionSchema,
} from "@r3mes/protocol/messages";
import { explorer } from "../api/explorer.ts";
import { fetchJson } from "../api/fetchJson.ts";
import type { ReplayInputRecords } from "../api/records.ts";

export type ReplayInputs = Awaited<ReturnType<typeof fetchReplayInputs>>;

export async function fetchReplayInputs(submissionId: number) {
  const reply = await fetchJson<ReplayInputRecords>(
    `${explorer}/submissions/${submissionId}/inputs`,
  );
  return {
    pool: fromBinary(PoolSchema, fromHex(reply.pool)),
    model: fromBinary(ModelSchema, fromHex(reply.model)),
    dataset: fromBinary(DatasetSchema, fromHex(reply.dataset)),
    round: fromBinary(RoundSchema, fromHex(reply.round)),
    submission: fromBinary(SubmissionSchema, fromHex(reply.submission)),
    adapterCid: fromHex(reply.adapterCid),
  };
}
