import { create } from "@bufbuild/protobuf";
import { chain } from "@r3mes/database";
import {
  EventAdapterAdoptedSchema,
  EventRoundPhaseChangedSchema,
  RoundPhase,
} from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { adapterHandlers } from "./adapters.ts";
import type { Place } from "./place.ts";
import { poolHandlers } from "./pools.ts";

/** Rows of submissions 7 to 9, which are on the list of a round, and of whatever else is asked for. */
function setup() {
  const submissions = new Map(
    [7, 8, 9].map((id) => [id, { id, poolId: 3, round: 2, summed: true, leftOut: false }]),
  );
  const written = new Map<unknown, object>();
  const rows = {
    get: async (table: unknown, { id }: { readonly id: number }) =>
      table === chain.submissions ? submissions.get(id) : { id, modelId: 1, datasetId: 1 },
    list: async () => [...submissions.values()].filter(({ summed }) => summed),
    put(table: unknown, row: typeof submissions extends Map<number, infer Row> ? Row : never) {
      if (table === chain.submissions) submissions.set(row.id, row);
      else written.set(table, row);
    },
  };
  const place = { rows, height: 100 } as unknown as Place;
  return { place, submissions, written };
}

const hash = new Uint8Array(32);

test("a version is of the work that was listed, but for what its sum leaves out", async () => {
  const { place, submissions, written } = setup();
  const adopted = adapterHandlers.find(({ schema }) => schema === EventAdapterAdoptedSchema)!;
  const event = create(EventAdapterAdoptedSchema, {
    ...{ adapterId: 5n, poolId: 3n, round: 2, root: hash, momentumRoot: hash, leftOut: [8n] },
    cid: Uint8Array.of(1, 0x55, 0x12, 32, ...hash),
  });
  await adopted.apply(event as never, place);
  expect([...submissions.values()]).toMatchObject([
    { id: 7, summed: true, leftOut: false, adapterId: 5 },
    { id: 8, summed: false, leftOut: true },
    { id: 9, summed: true, leftOut: false, adapterId: 5 },
  ]);
  expect(submissions.get(8)).not.toHaveProperty("adapterId");
  expect(written.get(chain.adapters)).toMatchObject({ id: 5, submissions: 2 });
});

test("a round that is carried over takes off its list what its leading result leaves out", async () => {
  const { place, submissions } = setup();
  const changed = poolHandlers.find(({ schema }) => schema === EventRoundPhaseChangedSchema)!;
  const event = create(EventRoundPhaseChangedSchema, {
    ...{ poolId: 3n, round: 2, phase: RoundPhase.CARRIED_OVER, leftOut: [8n] },
  });
  await changed.apply(event as never, place);
  expect([...submissions.values()]).toMatchObject([
    { id: 7, summed: true, leftOut: false },
    { id: 8, summed: false, leftOut: true },
    { id: 9, summed: true, leftOut: false },
  ]);
});
