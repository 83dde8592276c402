import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { createTestChain } from "../testing/testChain.ts";
import { followBlocks } from "./followBlocks.ts";

async function take(
  count: number,
  from: bigint,
  chain: ReturnType<typeof createTestChain>,
  ahead = 1,
) {
  const controller = new AbortController();
  const heights: bigint[] = [];
  const blocks = followBlocks(
    { from, pollMs: 1, ahead, signal: controller.signal },
    { rpc: chain, sleep: async () => chain.makeBlock() },
  );
  for await (const block of blocks) {
    heights.push(block.height);
    if (heights.length === count) controller.abort();
  }
  return heights;
}

test("each block comes once and in order, from the cursor on", async () => {
  const chain = createTestChain();
  for (let i = 0; i < 4; i += 1) chain.makeBlock();
  expect(await take(6, 3n, chain)).toEqual([3n, 4n, 5n, 6n, 7n, 8n]);
});

test("a node that does not answer is waited for without a gap", async () => {
  const chain = createTestChain();
  chain.failures = {
    count: 5,
    error: new R3mesError({ code: "NODE_UNREACHABLE", url: "x", reason: "y" }),
  };
  expect(await take(3, 1n, chain)).toEqual([1n, 2n, 3n]);
});

test("a block whose results are not stored yet is waited for", async () => {
  const chain = createTestChain();
  const results = chain.blockResults;
  let early = 2;
  chain.blockResults = async (height) => {
    early -= 1;
    if (early >= 0) throw new R3mesError({ code: "BLOCK_NOT_READY", url: "x" });
    return results(height);
  };
  expect(await take(2, 1n, chain)).toEqual([1n, 2n]);
});

test("blocks that are asked for at once still come once and in order", async () => {
  const chain = createTestChain();
  for (let i = 0; i < 40; i += 1) chain.makeBlock();
  const { block } = chain;
  let open = 0;
  let openMax = 0;
  chain.block = async (height) => {
    open += 1;
    openMax = Math.max(openMax, open);
    // The later a block, the sooner its answer.
    await new Promise((resolve) => setTimeout(resolve, 8 - Number(height % 8n)));
    open -= 1;
    return block(height);
  };
  expect(await take(41, 1n, chain, 8)).toEqual(Array.from({ length: 41 }, (_, i) => BigInt(i + 1)));
  expect(openMax).toBe(8);
});

test("any other failure ends the iteration", async () => {
  const chain = createTestChain();
  chain.failures = { count: 1, error: new Error("broken") };
  await expect(take(1, 1n, chain)).rejects.toThrow("broken");
});

test("pruned history is an error, not a gap", async () => {
  const chain = createTestChain();
  for (let i = 0; i < 9; i += 1) chain.makeBlock();
  const status = chain.status;
  chain.status = async () => ({ ...(await status()), earliestHeight: 5n });
  await expect(take(1, 2n, chain)).rejects.toMatchObject({ code: "BLOCKS_PRUNED" });
});

test("behind one address a node that keeps what another has pruned is asked in its turn", async () => {
  const chain = createTestChain();
  for (let i = 0; i < 9; i += 1) chain.makeBlock();
  const { status, block } = chain;
  let turn = 0;
  const isPruned = () => {
    turn += 1;
    return turn % 3 !== 0;
  };
  chain.status = async () => ({ ...(await status()), earliestHeight: isPruned() ? 5n : 1n });
  chain.block = async (height) => {
    if (height < 5n && isPruned()) {
      throw new R3mesError({ code: "BLOCKS_PRUNED", wanted: height, earliest: 5n });
    }
    return block(height);
  };
  const heights = await take(6, 2n, chain, 4);
  expect(heights).toEqual(heights.map((_, i) => BigInt(i) + 2n));
});

/** A chain of nine blocks whose node answers once, and then another node does, with as many blocks as `heights` say. */
function setup(heights: readonly bigint[]) {
  const chain = createTestChain();
  for (let i = 0; i < 8; i += 1) chain.makeBlock();
  const { status } = chain;
  const left = [...heights];
  chain.status = async () => {
    const found = await status();
    const latestHeight = left.length > 0 ? left.shift()! : found.latestHeight;
    return { ...found, latestHeight };
  };
  return chain;
}

test("a node that is blocks behind the one before is waited for, and no block comes twice", async () => {
  expect(await take(3, 8n, setup([9n, 4n, 5n, 6n]))).toEqual([8n, 9n, 10n]);
});

test("a chain that was begun anew is an error, when it stays behind and when it has grown", async () => {
  const behind = setup([9n, ...Array.from({ length: 60_002 }, () => 3n)]);
  await expect(take(20, 9n, behind)).rejects.toMatchObject({ code: "CHAIN_WENT_BACK" });
  const grown = setup([9n, 4n]);
  const { block } = grown;
  grown.block = async (height) => {
    const found = await block(height);
    return height > 9n ? { ...found, parentHash: new Uint8Array(32).fill(255) } : found;
  };
  await expect(take(20, 9n, grown)).rejects.toMatchObject({ code: "CHAIN_WENT_BACK" });
});
