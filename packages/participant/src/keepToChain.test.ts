import { R3mesError, toHex } from "@r3mes/protocol";
import type { JournalRecord } from "@r3mes/service";
import { expect, test } from "vitest";
import { keepNewestBlock, keepToChain } from "./keepToChain.ts";

/** A node of a chain whose blocks all begin with `seed`. */
function nodeOf(
  seed: number,
  latestHeight: bigint,
  { earliestHeight = 1n, catchingUp = false } = {},
) {
  return {
    status: async () => ({
      chainId: "remesdev-1",
      latestHeight,
      earliestHeight,
      latestTime: 0n,
      catchingUp,
    }),
    block: async (height: bigint) => ({
      height,
      hash: Uint8Array.of(seed, Number(height)),
      parentHash: new Uint8Array(),
      proposer: new Uint8Array(),
      time: 0n,
      transactions: [],
    }),
  };
}

function setup() {
  const records: JournalRecord[] = [];
  const journal = { records, append: async (record: JournalRecord) => void records.push(record) };
  const live = (rpc: ReturnType<typeof nodeOf>, id = "remesdev-1") =>
    keepToChain({ id, rpc: "http://node" }, { journal, rpc });
  return { records, live };
}

test("each life writes down a block of its chain, and the newest is what a journal keeps", async () => {
  const { records, live } = setup();
  await live(nodeOf(1, 5n));
  await live(nodeOf(1, 9n));
  expect(records).toEqual([
    { kind: "chain", height: "5", hash: toHex(Uint8Array.of(1, 5)) },
    { kind: "chain", height: "9", hash: toHex(Uint8Array.of(1, 9)) },
  ]);
  expect(keepNewestBlock(records)).toEqual(records.slice(1));
});

test("a chain of the same name that was begun anew is refused, before and after it is as long", async () => {
  const { records, live } = setup();
  await live(nodeOf(1, 5n));
  await expect(live(nodeOf(2, 4n))).rejects.toMatchObject({ code: "CHAIN_WENT_BACK" });
  await expect(live(nodeOf(2, 9n))).rejects.toMatchObject({
    code: "JOURNAL_OF_OTHER_CHAIN",
    facts: { height: 5n, kept: "0105", found: "0205" },
  });
  expect(records).toHaveLength(1);
});

test("a node that catches up or has no block yet is waited for, and what it has pruned tells nothing", async () => {
  const { records, live } = setup();
  const wait = { code: "BLOCK_NOT_READY" };
  await expect(live(nodeOf(1, 0n))).rejects.toMatchObject(wait);
  await live(nodeOf(1, 5n));
  await expect(live(nodeOf(1, 4n, { catchingUp: true }))).rejects.toMatchObject(wait);
  await live(nodeOf(1, 90n, { earliestHeight: 6n }));
  expect(records.at(-1)).toMatchObject({ height: "90" });
});

test("a node that has pruned what another behind its address still has tells nothing", async () => {
  const { records, live } = setup();
  await live(nodeOf(1, 5n));
  const node = nodeOf(1, 90n);
  const block = async (wanted: bigint) => {
    if (wanted < 80n) throw new R3mesError({ code: "BLOCKS_PRUNED", wanted, earliest: 80n });
    return node.block(wanted);
  };
  await live({ ...node, block });
  expect(records.at(-1)).toMatchObject({ height: "90" });
});

test("a node of another chain is refused before anything is written", async () => {
  const { records, live } = setup();
  await expect(live(nodeOf(1, 5n), "remes-1")).rejects.toMatchObject({ code: "CHAIN_ID_WRONG" });
  expect(records).toEqual([]);
});
