import type { Session } from "@r3mes/engine";
import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { createPrefetch } from "./createPrefetch.ts";

test("the pools that are worked for are opened, each once, and what could not be had again", async () => {
  const told: string[] = [];
  const prepared: bigint[] = [];
  let isAway = true;
  const prefetch = createPrefetch({
    pools: async () => [7n, 9n],
    async openPool(pool) {
      if (pool === 9n && isAway)
        throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: "model" });
      return {
        async session() {
          prepared.push(pool);
          return {} as Session;
        },
      };
    },
    log: {
      info: ({ pool }: { pool: string }) => told.push(`opened ${pool}`),
      warn: ({ pool }: { pool: string }) => told.push(`not yet ${pool}`),
    } as never,
  });
  await prefetch();
  await expect.poll(() => told).toEqual(["opened 7", "not yet 9"]);
  isAway = false;
  await prefetch();
  await expect.poll(() => told).toEqual(["opened 7", "not yet 9", "opened 9"]);
  await prefetch();
  expect(prepared).toEqual([7n, 9n]);
});
