import { create } from "@bufbuild/protobuf";
import type { chain } from "@r3mes/database";
import { EventUnbondingStartedSchema, Role } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { participantHandlers } from "./participants.ts";
import type { Place } from "./place.ts";

test("an unbonding that a case holds keeps the height at which it began", async () => {
  const stored = new Map<number, { id: number }>();
  const rows = {
    get: async (_table: unknown, { id }: { id: number }) => stored.get(id),
    put: (_table: unknown, row: { id: number }) => void stored.set(row.id, row),
  };
  const started = participantHandlers.find(({ schema }) => schema === EventUnbondingStartedSchema)!;
  const announce = (height: number, releaseHeight: bigint) => {
    const terms = { owner: "remes1owner", role: Role.VERIFIER, amount: 5n, releaseHeight };
    const event = create(EventUnbondingStartedSchema, { unbondingId: 7n, ...terms });
    return started.apply(event as never, { rows, height } as unknown as Place);
  };
  await announce(100, 400n);
  await announce(390, 900n);
  const held: Partial<typeof chain.unbondings.$inferSelect> = { height: 100, releaseHeight: 900 };
  expect(stored.get(7)).toMatchObject(held);
});
