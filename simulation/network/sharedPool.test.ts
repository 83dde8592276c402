import { contentOf } from "@r3mes/participant";
import { sha256 } from "@r3mes/protocol";
import type { ContentStore } from "@r3mes/storage";
import { memoryPeer } from "@r3mes/storage/testing";
import type { ContentSource } from "@r3mes/training";
import { expect, test } from "vitest";
import { preparedRecords } from "./prepareDevices.ts";
import { sha256OnThread } from "./sha256OnThread.ts";
import { createSharedPool } from "./sharedPool.ts";

function counted(store: ContentStore): ContentSource & { count: number } {
  const source = contentOf(store);
  const counting = {
    count: 0,
    get(cid: Uint8Array, bytesMax: number) {
      counting.count += 1;
      return source.get(cid, bytesMax);
    },
    openFolder: source.openFolder,
  };
  return counting;
}

test("whoever opens the shared pool reads all of it by itself, and hears of what it cannot have", async () => {
  const store = memoryPeer(async () => undefined);
  const { records } = await preparedRecords(store, sha256(Uint8Array.of(1)));
  const shared = await createSharedPool(records, contentOf(store), sha256OnThread);

  const own = counted(store);
  const opened = await shared.open(records, own);
  expect(own.count).toBeGreaterThan(2);
  expect(opened.plan).toBe(shared.opened.plan);
  const before = own.count;
  await opened.shards("train", [0]);
  expect(own.count).toBeGreaterThan(before);

  const empty = memoryPeer(async () => undefined);
  await expect(shared.open(records, contentOf(empty))).rejects.toMatchObject({
    code: "CONTENT_UNAVAILABLE",
  });
  // The bytes are here, and one of them is wrong.
  const rotten = memoryPeer(async () => undefined);
  for (const [hash, bytes] of store.blocks)
    rotten.blocks.set(
      hash,
      bytes.map((byte) => byte ^ 1),
    );
  await expect(shared.open(records, contentOf(rotten))).rejects.toThrow();

  const other = { ...records, pool: { ...records.pool, id: 2n } };
  await expect(shared.open(other, own)).rejects.toThrow("not the one that was prepared");
});
