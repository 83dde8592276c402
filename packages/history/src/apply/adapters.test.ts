import { create } from "@bufbuild/protobuf";
import { chain } from "@r3mes/database";
import { EventAdapterAdoptedSchema } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { adapterHandlers } from "./adapters.ts";
import type { Place } from "./place.ts";

test("a version is of the work that was listed, but for what its sum leaves out", async () => {
  const listed = [7, 8, 9].map((id) => ({
    id,
    poolId: 3,
    round: 2,
    summed: true,
    adapterId: null,
  }));
  const written = new Map<unknown, object[]>();
  const rows = {
    get: async (table: unknown) =>
      table === chain.pools ? { id: 3, modelId: 1, datasetId: 1 } : {},
    list: async () => listed,
    put: (table: unknown, row: object) =>
      void written.set(table, [...(written.get(table) ?? []), row]),
  };
  const adopted = adapterHandlers.find(({ schema }) => schema === EventAdapterAdoptedSchema)!;
  const hash = new Uint8Array(32);
  const event = create(EventAdapterAdoptedSchema, {
    ...{ adapterId: 5n, poolId: 3n, round: 2, root: hash, momentumRoot: hash, leftOut: [8n] },
    cid: Uint8Array.of(1, 0x55, 0x12, 32, ...hash),
  });
  await adopted.apply(event as never, { rows, height: 100 } as unknown as Place);
  expect(written.get(chain.submissions)).toMatchObject([
    { id: 7, summed: true, adapterId: 5 },
    { id: 8, summed: false, adapterId: null },
    { id: 9, summed: true, adapterId: 5 },
  ]);
  expect(written.get(chain.adapters)).toMatchObject([{ id: 5, submissions: 2 }]);
});
