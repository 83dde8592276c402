import { R3mesError } from "@r3mes/protocol";
import { type ContentStore, contentIdToBytes, memoryStore } from "@r3mes/storage";
import { expect, test } from "vitest";
import { contentOf } from "./contentOf.ts";

/** A store that ends every wait as one that is closed does. */
function closedStore() {
  const refuse = async () => {
    throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: "c" });
  };
  return { get: refuse, bring: refuse, openFolder: refuse };
}

const unavailable = { code: "CONTENT_UNAVAILABLE" };

test("what nobody offers is told", async () => {
  const cid = contentIdToBytes(await memoryStore().put(Uint8Array.of(1)));
  const content = contentOf(closedStore(), { ending: new AbortController().signal });
  await expect(content.get(cid, 1)).rejects.toMatchObject(unavailable);
  await expect(content.bring(cid, 1)).rejects.toMatchObject(unavailable);
  await expect(content.openFolder(cid)).rejects.toMatchObject(unavailable);
});

test("a store that closes with its process says of nothing that nobody offers it", async () => {
  const store = memoryStore();
  const id = await store.put(Uint8Array.of(1));
  const cid = contentIdToBytes(id);
  const ending = new AbortController();
  const brings = { ...closedStore(), bring: store.bring };
  const read = await contentOf(brings, { ending: ending.signal }).bring(cid, 1);
  ending.abort();
  const content = contentOf(closedStore(), { ending: ending.signal });
  for (const ask of [
    () => content.get(cid, 1),
    () => content.bring(cid, 1),
    () => content.openFolder(cid),
    read,
  ]) {
    await expect(ask()).rejects.toMatchObject({ name: "AbortError" });
  }
});

test("content that is there is read, also while the process ends", async () => {
  const store = memoryStore();
  const cid = contentIdToBytes(await store.put(Uint8Array.of(1)));
  const content = contentOf(store, { ending: AbortSignal.abort() });
  expect(await content.get(cid, 1)).toEqual(Uint8Array.of(1));
});

test("a content is waited for as long as was said", async () => {
  const waits: ContentStore["get"] = (_, { signal }) =>
    new Promise((_resolve, reject) => {
      signal!.addEventListener("abort", () => reject(signal!.reason));
    });
  const cid = contentIdToBytes(await memoryStore().put(Uint8Array.of(1)));
  const content = contentOf({ ...closedStore(), get: waits }, { waitMs: 1 });
  await expect(content.get(cid, 1)).rejects.toMatchObject({ name: "TimeoutError" });
});
