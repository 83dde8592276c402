import {
  AdapterStatus,
  CaseKind,
  CaseOutcome,
  PoolStatus,
  Status,
  SubmissionStatus,
} from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { readList } from "./readList.ts";

const { DEFENDER_SILENT, UNSPECIFIED } = CaseOutcome;

/** Two pools; of the first, round 1 is settled, round 2 is open and round 3 waits for its first commitment. */
const query = {
  pools: async () => ({
    pools: [
      { id: 1n, status: PoolStatus.OPEN, round: 3, datasetId: 4n },
      { id: 2n, status: PoolStatus.CLOSED, round: 8, datasetId: 5n },
    ].map((pool) => ({ ...pool, rounds: 8, modelId: 1n, chunkPrice: 1_500_000n, escrow: 7n })),
  }),
  rounds: async ({ poolId }: { poolId: bigint }) => ({
    rounds: [
      { number: 1, committed: 3, openSubmissions: 0 },
      { number: 2, committed: 3, openSubmissions: 2 },
      { number: 3, committed: 0, unsettled: 0 },
    ]
      .filter(({ number }) => poolId === 1n || number === 2)
      .map((round) => ({ unsettled: 0, openSubmissions: 0, ...round })),
  }),
  models: async () => ({
    models: [
      { id: 1n, name: "genesis", status: Status.APPROVED, architecture: "bitnet", licence: "MIT" },
    ],
  }),
  datasets: async () => ({
    datasets: [4n, 5n].map((id) => ({
      ...{ id, name: `text-${id}`, tokens: 300n, licence: "CC0-1.0", provider: "p" },
      status: id === 4n ? Status.PROPOSED : Status.RETIRED,
    })),
  }),
  submissions: async ({ poolId, round }: { poolId: bigint; round: number }) => ({
    submissions: [
      {
        ...{ id: 9n - poolId, poolId, round, chunk: 5n, miner: `miner of ${poolId}` },
        status: SubmissionStatus.ACCEPTED,
      },
    ],
  }),
  cases: async () => ({
    cases: [
      { id: 1n, kind: CaseKind.STEP, submissionId: 8n, outcome: DEFENDER_SILENT },
      { id: 2n, kind: CaseKind.AGGREGATE, round: 2, outcome: UNSPECIFIED },
    ].map((one) => ({ step: 0, output: 0, ...one, defender: "a", challenger: "b" })),
  }),
  adapters: async () => ({
    adapters: [
      {
        ...{ id: 7n, poolId: 2n, round: 3, submissions: 4, height: 90n },
        status: AdapterStatus.PROVISIONAL,
      },
    ],
  }),
} as unknown as Parameters<typeof readList>[1];

test("pools say where they stand and what a chunk pays", async () => {
  const pays = { model: "1", price: "1.5 REMES", escrow: "0.000007 REMES" };
  expect(await readList("pools", query)).toEqual([
    { pool: "1", status: "open", round: "3 of 8", dataset: "4", ...pays },
    { pool: "2", status: "closed", round: "8 of 8", dataset: "5", ...pays },
  ]);
});

test("models and datasets say whether pools may use them", async () => {
  expect(await readList("models", query)).toEqual([
    { model: "1", name: "genesis", status: "approved", architecture: "bitnet", licence: "MIT" },
  ]);
  const common = { tokens: "300", licence: "CC0-1.0", provider: "p" };
  expect(await readList("datasets", query)).toEqual([
    { dataset: "4", name: "text-4", status: "proposed", ...common },
    { dataset: "5", name: "text-5", status: "retired", ...common },
  ]);
});

test("submissions are those of rounds that still have some, in the order of their numbers", async () => {
  expect(await readList("submissions", query)).toEqual([
    { submission: "7", status: "accepted", miner: "miner of 2", chunk: "5", round: "2", pool: "2" },
    { submission: "8", status: "accepted", miner: "miner of 1", chunk: "5", round: "2", pool: "1" },
  ]);
});

test("cases say what they are about and how they ended", async () => {
  const parties = { accused: "a", challenger: "b" };
  expect(await readList("cases", query)).toEqual([
    {
      case: "1",
      outcome: "defender silent",
      about: "submission 8",
      place: "not known yet",
      ...parties,
    },
    { case: "2", outcome: "open", about: "round 2", place: "sum of round 2", ...parties },
  ]);
});

test("versions have the names that reproduce takes", async () => {
  expect(await readList("adapters", query)).toEqual([
    { adapter: "pool-2@v7", status: "provisional", round: "3", submissions: "4", height: "90" },
  ]);
});
