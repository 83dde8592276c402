import { RoundPhase } from "@r3mes/protocol/messages";
import { contentIdToBytes, memoryStore } from "@r3mes/storage";
import { expect, test } from "vitest";
import { createOwnContent, type OwnContentDeps } from "./ownContent.ts";
import type { VerifierRecord } from "./verifierRecord.ts";

test("a verifier keeps the sums that it vouches for, and the updates that it may have to sum", async () => {
  const store = memoryStore();
  const sum = await store.put(Uint8Array.of(1));
  const update = await store.put(Uint8Array.of(2));
  const query = {
    pools: async () => ({ pools: [{ id: 1n, round: 1 }] }),
    rounds: async () => ({ rounds: [{ poolId: 1n, number: 1, phase: RoundPhase.AUDIT }] }),
    submissions: async () => ({ submissions: [{ id: 1n, updateCid: contentIdToBytes(update) }] }),
  } as unknown as OwnContentDeps["query"];
  const records = [
    { kind: "secret", epoch: "3" },
    { kind: "sum", pool: "1", round: 1, cid: sum },
  ] as unknown as VerifierRecord[];
  expect(await createOwnContent({ query, journal: { records } })()).toEqual([sum, update]);
});
