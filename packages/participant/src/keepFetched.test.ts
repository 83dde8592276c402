import type { Split } from "@r3mes/models";
import type { Adapter } from "@r3mes/training";
import { expect, test } from "vitest";
import { keepFetched } from "./keepFetched.ts";

function opened(failing = new Set<string>()) {
  const asked: string[] = [];
  const note = (what: string) => {
    asked.push(what);
    if (failing.delete(what)) throw new Error(`${what} is nowhere`);
  };
  const pool = keepFetched({
    async adapter(cid: Uint8Array): Promise<Adapter> {
      note(`adapter ${cid[0]}`);
      return { factors: [Int32Array.of(cid[0]!)], momenta: [] };
    },
    async shards(split: Split, numbers: readonly number[]) {
      note(`${split} ${numbers.join()}`);
      return new Map(numbers.map((number) => [number, Uint32Array.of(number)]));
    },
  });
  return { asked, pool };
}

test("a shard is fetched once, whichever chunk asks for it, and splits are told apart", async () => {
  const { asked, pool } = opened();
  expect(await pool.shards("train", [1, 2])).toEqual(
    new Map([
      [1, Uint32Array.of(1)],
      [2, Uint32Array.of(2)],
    ]),
  );
  expect([...(await pool.shards("train", [2, 3])).keys()]).toEqual([2, 3]);
  await pool.shards("held-out", [2]);
  expect(asked).toEqual(["train 1", "train 2", "train 3", "held-out 2"]);
});

test("of shards few are kept, and of adapters the newest", async () => {
  const { asked, pool } = opened();
  await pool.shards("train", [0, 1, 2, 3, 4]);
  await pool.shards("train", [4, 0]);
  expect(asked.slice(5)).toEqual(["train 0"]);
  for (const version of [1, 1, 2, 1]) await pool.adapter(Uint8Array.of(version));
  expect(asked.slice(6)).toEqual(["adapter 1", "adapter 2", "adapter 1"]);
});

test("what could not be had is asked for again", async () => {
  const { pool } = opened(new Set(["train 1", "adapter 1"]));
  await expect(pool.shards("train", [1])).rejects.toThrow("nowhere");
  expect([...(await pool.shards("train", [1])).keys()]).toEqual([1]);
  await expect(pool.adapter(Uint8Array.of(1))).rejects.toThrow("nowhere");
  expect((await pool.adapter(Uint8Array.of(1))).factors).toEqual([Int32Array.of(1)]);
});
