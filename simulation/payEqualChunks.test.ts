import { readFile } from "node:fs/promises";
import { create } from "@bufbuild/protobuf";
import { asUremes } from "@r3mes/protocol";
import { RewardParamsSchema } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { payEqualChunks } from "./payEqualChunks.ts";

/** The rows of the worked example: of the prices, of what is minted, in all. */
async function workedExample(): Promise<ReadonlyMap<string, readonly bigint[]>> {
  const text = await readFile(new URL("../spec/reward.md", import.meta.url), "utf8");
  const rows = text.matchAll(/^\| ([a-z ]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$/gm);
  return new Map(
    [...rows].map(([, who, ...amounts]) => [
      who!,
      amounts.map((digits) => BigInt(digits.replaceAll(",", ""))),
    ]),
  );
}

test("the worked example of the specification is what its rules give", async () => {
  const example = await workedExample();
  const reward = create(RewardParamsSchema, {
    epochsPerYear: 525_600,
    firstYear: 30_000_000_000_000n,
    targetWork: 1_000_000_000_000n,
    verifierPpm: 80_000,
    validatorPpm: 70_000,
    dataProviderPpm: 50_000,
  });
  const chunk = { price: asUremes(100_000_000n), work: 4n * 33_600_000_000n, seats: 2 };
  const { minted, validators, chunks } = payEqualChunks(3, chunk, reward);

  const sum = (amounts: readonly bigint[]) => amounts.reduce((left, right) => left + right, 0n);
  const miners = chunks.map(({ miner }) => miner);
  const seats = chunks.flatMap(({ verifiers }) => verifiers);
  const providers = chunks.map(({ dataProvider }) => dataProvider);
  const inAll = (who: string) => example.get(who)![2];
  expect(example.get("everybody")![1]).toBe(minted);
  for (const miner of miners) expect(miner).toBe(inAll("each miner"));
  expect(sum(miners)).toBe(inAll("three miners"));
  expect(sum(seats)).toBe(inAll("six seats of verifiers"));
  expect(seats).toEqual([...Array(5).fill(4_306_849n), 4_306_850n]);
  expect(validators).toBe(inAll("validators"));
  expect(sum(providers)).toBe(inAll("data provider"));
  expect(sum([...miners, ...seats, ...providers, validators])).toBe(inAll("everybody"));
});
