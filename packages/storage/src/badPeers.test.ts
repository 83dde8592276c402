import { MemoryBlockstore } from "blockstore-core";
import type { Blockstore } from "interface-blockstore";
import { expect, test } from "vitest";
import { keepReachable } from "./collectBlocks.ts";
import { createContentStore } from "./createContentStore.ts";
import { memoryStore } from "./memoryStore.ts";
import { content } from "./testing/storeCases.ts";

const bytes = content(5_000);

/** A store whose peers answer as they like; what they send is kept here before it is looked at, as an exchange does. */
function storeAmong(answer: (signal: AbortSignal) => AsyncIterable<Uint8Array>) {
  const local = new MemoryBlockstore();
  const source: Pick<Blockstore, "get" | "put"> = {
    get: (_cid, options) => answer(options!.signal!) as AsyncGenerator<Uint8Array>,
    put: local.put.bind(local),
  };
  return createContentStore({ local, source, keepOnly: keepReachable(local) });
}

const wanted = () => ({ bytesMax: 10_000, signal: AbortSignal.timeout(5_000) });

test("wrong bytes are corrupt content, and the next peer may have the right ones", async () => {
  const id = await memoryStore().put(bytes);
  const answers = [content(5_000, 2), bytes];
  const store = storeAmong(async function* () {
    yield answers.shift()!;
  });
  await expect(store.get(id, wanted())).rejects.toMatchObject({ code: "CONTENT_CORRUPT" });
  expect(Buffer.compare(await store.get(id, wanted()), bytes)).toBe(0);
});

test("bytes without end are let go of when they are more than a block", async () => {
  const id = await memoryStore().put(bytes);
  let sent = 0;
  const store = storeAmong(async function* () {
    for (;;) {
      sent += 1 << 20;
      yield new Uint8Array(1 << 20);
    }
  });
  await expect(store.get(id, wanted())).rejects.toMatchObject({ code: "CONTENT_CORRUPT" });
  expect(sent).toBeLessThan(8 << 20);
});

test("a peer that sends a byte now and then holds nobody beyond the patience that was given", async () => {
  const id = await memoryStore().put(bytes);
  const store = storeAmong(async function* (signal) {
    for (const byte of bytes) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      signal.throwIfAborted();
      yield Uint8Array.of(byte);
    }
  });
  const hasty = { bytesMax: 10_000, signal: AbortSignal.timeout(200) };
  await expect(store.get(id, hasty)).rejects.toMatchObject({ code: "CONTENT_UNAVAILABLE" });
});
