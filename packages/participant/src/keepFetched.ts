/** What every chunk of a round asks for again, checked once and kept: the adapter that it starts from, and the shards that are read of late. */
import type { Split } from "@r3mes/models";
import { toHex } from "@r3mes/protocol";
import type { Adapter, OpenedPool, Shards } from "@r3mes/training";
import { kept } from "./kept.ts";

const shardsKept = 4;

/** What cannot be had is asked for again by whoever asks next. */
export function keepFetched<Pool extends Pick<OpenedPool, "adapter" | "shards">>(
  opened: Pool,
): Pool {
  const adapters = new Map<string, Promise<Adapter>>();
  const shards = new Map<string, Promise<Shards>>();
  const shardOf = (split: Split, number: number) =>
    kept(shards, `${split}/${number}`, () => opened.shards(split, [number]), shardsKept);
  return {
    ...opened,
    adapter: (cid) => kept(adapters, toHex(cid), () => opened.adapter(cid), 1),
    async shards(split, numbers) {
      const found = await Promise.all(numbers.map((number) => shardOf(split, number)));
      return new Map(found.flatMap((shard) => [...shard]));
    },
  };
}
