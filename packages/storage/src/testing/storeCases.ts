/** What every store must do, wherever its blocks lie: each kind runs these. */
import { expect, test } from "vitest";
import { contentIdFromBytes, contentIdToBytes } from "../contentId.ts";
import type { ContentStore } from "../contentStore.ts";
import { memoryStore } from "../memoryStore.ts";

/** Bytes without repetition, so that no two chunks are alike. */
export function content(length: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

/** Content of several blocks. */
export const large = content(3_500_000);
export const largeMax = { bytesMax: 4 << 20 };

export function storeCases(kind: string, open: () => Promise<ContentStore>): void {
  test(`${kind}: content comes back by its address, small, empty and of several blocks`, async () => {
    const store = await open();
    for (const bytes of [new Uint8Array(0), content(10), large]) {
      const id = await store.put(bytes);
      expect(id).toBe(await memoryStore().put(bytes));
      expect(Buffer.compare(await store.get(id, largeMax), bytes)).toBe(0);
      expect(await store.has(id)).toBe(true);
      expect(contentIdFromBytes(contentIdToBytes(id))).toBe(id);
      expect(contentIdToBytes(id).length).toBe(36);
    }
  });

  test(`${kind}: too large is refused before it is read`, async () => {
    const store = await open();
    const id = await store.put(large);
    for (const read of [store.get, store.bring]) {
      await expect(read(id, { bytesMax: large.length - 1 })).rejects.toMatchObject({
        code: "CONTENT_TOO_LARGE",
      });
    }
  });

  test(`${kind}: what nothing needs is forgotten, what is shared stays`, async () => {
    const store = await open();
    const kept = await store.put(large);
    const sharing = await store.put(Buffer.concat([large.subarray(0, 2 << 20), content(9, 7)]));
    const gone = await store.put(content(100, 3));
    expect(await store.keepOnly([kept])).toBeGreaterThan(1);
    expect([await store.has(kept), await store.has(sharing), await store.has(gone)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(Buffer.compare(await store.get(kept, largeMax), large)).toBe(0);
  });

  test(`${kind}: what is kept and not here is no error, and nothing else is lost for it`, async () => {
    const store = await open();
    const kept = await store.put(content(3 << 20));
    const gone = await store.put(content(2 << 20, 2));
    const elsewhere = await memoryStore().put(content(1 << 20, 3));
    expect(await store.keepOnly([elsewhere, kept])).toBeGreaterThan(0);
    expect([await store.has(kept), await store.has(gone)]).toEqual([true, false]);
  });

  test(`${kind}: what was brought is here, as one block and as many`, async () => {
    const store = await open();
    for (const bytes of [new Uint8Array(0), content(10), large]) {
      const id = await store.put(bytes);
      await store.bring(id, largeMax);
      expect(await store.has(id)).toBe(true);
    }
  });

  test(`${kind}: a folder names files, has one address, and its files are fetched alone`, async () => {
    const files = new Map([
      ["model.json", content(100)],
      ["backbone.bin", large],
    ]);
    const store = await open();
    const id = await store.putFolder(files);
    expect(id).toBe(await memoryStore().putFolder(new Map([...files].reverse())));
    const folder = await store.openFolder(id);
    expect([...folder.keys()].sort()).toEqual(["backbone.bin", "model.json"]);
    expect(folder.get("backbone.bin")).toBe(await memoryStore().put(large));
    const bytes = await store.get(folder.get("backbone.bin")!, largeMax);
    expect(Buffer.compare(bytes, large)).toBe(0);
    expect(await store.has(id)).toBe(true);
    const file = await store.put(large);
    for (const stranger of [file, await store.put(content(10))]) {
      await expect(store.openFolder(stranger)).rejects.toMatchObject({ code: "CONTENT_CORRUPT" });
    }
  });
}
