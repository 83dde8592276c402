import type { ChainRpc } from "@r3mes/chain-client";
import { expect, test } from "vitest";
import { readEvents } from "./readEvents.ts";

const event = (type: string) => ({ type, attributes: [] });

test("events come in the order of their blocks, whichever block answers first", async () => {
  const asked: bigint[] = [];
  const blockResults = async (height: bigint) => {
    asked.push(height);
    if (height % 2n === 0n) await new Promise((resolve) => setImmediate(resolve));
    const done = { code: 0, events: [event(`sent ${height}`)] };
    const refused = { code: 5, events: [event(`refused ${height}`)] };
    return { height, transactions: [done, refused], blockEvents: [event(`ended ${height}`)] };
  };
  const rpc = { blockResults } as unknown as Pick<ChainRpc, "blockResults">;
  const read: bigint[] = [];
  const events = await readEvents(rpc, 5n, 44n, (blocks) => read.push(blocks));
  expect(read).toEqual([16n, 32n, 40n]);
  const heights = Array.from({ length: 40 }, (_, i) => 5 + i);
  expect(asked.map(Number)).toEqual(heights);
  expect(events.map((placed) => placed.event.type)).toEqual(
    heights.flatMap((height) => [`sent ${height}`, `ended ${height}`]),
  );
  expect(await readEvents(rpc, 6n, 5n)).toEqual([]);
});
