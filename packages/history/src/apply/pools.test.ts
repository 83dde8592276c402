import { create } from "@bufbuild/protobuf";
import { chain } from "@r3mes/database";
import { EventRoundPhaseChangedSchema, RoundPhase } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import type { Place } from "./place.ts";
import { poolHandlers } from "./pools.ts";

test("a round whose version is recalled while it waits starts from the one that its training names", async () => {
  const stored = new Map<unknown, object>([[chain.pools, { id: 3, round: 1, adapterId: 9 }]]);
  const rows = {
    get: async (table: unknown) => stored.get(table),
    put: (table: unknown, row: object) => void stored.set(table, row),
  };
  const changed = poolHandlers.find(({ schema }) => schema === EventRoundPhaseChangedSchema)!;
  const announce = (phase: RoundPhase, adapterId: bigint) => {
    const event = create(EventRoundPhaseChangedSchema, { poolId: 3n, round: 2, phase, adapterId });
    return changed.apply(event as never, { rows, height: 100 } as unknown as Place);
  };
  await announce(RoundPhase.WAITING, 9n);
  expect(stored.get(chain.pools)).toMatchObject({ round: 2, adapterId: 9 });
  await announce(RoundPhase.TRAINING, 8n);
  expect(stored.get(chain.pools)).toMatchObject({ round: 2, adapterId: 8 });
  expect(stored.get(chain.rounds)).toMatchObject({ phase: "training", adapterId: 8 });
});
