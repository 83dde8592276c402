import { PoolStatus } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { idsOfOpenPools } from "./idsOfOpenPools.ts";

test("an open pool is found behind pages of pools that have closed", async () => {
  const pools = Array.from({ length: 250 }, (_, i) => ({
    id: BigInt(i + 1),
    status: i === 3 || i === 249 ? PoolStatus.OPEN : PoolStatus.CLOSED,
  }));
  /** A chain's: a hundred rows a page, whatever is asked for. */
  const page = async ({ pagination }: { pagination?: { key?: Uint8Array } }) => {
    const at = pagination?.key?.[0] ?? 0;
    const next = at + 100 < pools.length ? Uint8Array.of(at + 100) : new Uint8Array(0);
    return { pools: pools.slice(at, at + 100), pagination: { nextKey: next } };
  };
  const query = { pools: page } as unknown as Parameters<typeof idsOfOpenPools>[0];
  expect(await idsOfOpenPools(query)).toEqual([4n, 250n]);
});
