import { MemoryBlockstore } from "blockstore-core";
import { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";
import { expect, test } from "vitest";
import { sharedWants } from "./sharedWants.ts";

const block = new Uint8Array([1, 2, 3]);
const cid = CID.createV1(0x55, await sha256.digest(block));
const closing = new AbortController().signal;

async function read(
  blocks: Pick<MemoryBlockstore, "get">,
  signal: AbortSignal,
): Promise<Uint8Array> {
  for await (const part of blocks.get(cid, { signal })) return part;
  throw new Error("no block");
}

/** A source that answers its nth call alone, and counts the calls; the others wait until they are aborted. */
function answering(nth: number) {
  const asked = { times: 0 };
  const source = new MemoryBlockstore();
  source.get = async function* (_cid, options) {
    asked.times += 1;
    if (asked.times < nth) {
      await new Promise((_, reject) => {
        options?.signal?.addEventListener("abort", () => reject(options.signal?.reason));
      });
    }
    yield block;
  };
  return { source, asked };
}

test("who gives up does not end the want of who still waits, and both share one", async () => {
  let answer: () => void = () => undefined;
  const asked: AbortSignal[] = [];
  const source = new MemoryBlockstore();
  source.get = async function* (_cid, options) {
    asked.push(options!.signal!);
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    yield block;
  };
  const wants = sharedWants(source, { askAgainMs: 60_000, closing });
  const hasty = new AbortController();
  const given = read(wants, hasty.signal);
  const patient = read(wants, closing);
  hasty.abort(new Error("no longer"));
  await expect(given).rejects.toThrow("no longer");
  expect(asked).toHaveLength(1);
  expect(asked[0]!.aborted).toBe(false);
  answer();
  expect(await patient).toEqual(block);
});

test("a want that was lost is put again while somebody waits", async () => {
  const { source, asked } = answering(3);
  const wants = sharedWants(source, { askAgainMs: 5, closing });
  expect(await read(wants, AbortSignal.timeout(60_000))).toEqual(block);
  expect(asked.times).toBe(3);
});

test("a want that nobody waits for is not put again", async () => {
  const { source, asked } = answering(Number.POSITIVE_INFINITY);
  const wants = sharedWants(source, { askAgainMs: 20, closing });
  await expect(read(wants, AbortSignal.timeout(1))).rejects.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(asked.times).toBe(1);
});

test("an error of the source is an error of everyone who waits", async () => {
  const source = new MemoryBlockstore();
  const wants = sharedWants(source, { askAgainMs: 60_000, closing });
  await expect(read(wants, closing)).rejects.toThrow(/not found/i);
});

test("closing ends every want", async () => {
  const { source } = answering(Number.POSITIVE_INFINITY);
  const ending = new AbortController();
  const wants = sharedWants(source, { askAgainMs: 60_000, closing: ending.signal });
  const waiting = read(wants, closing);
  ending.abort(new Error("closing"));
  await expect(waiting).rejects.toThrow("closing");
});
