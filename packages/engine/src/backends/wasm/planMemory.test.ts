import { type BitnetShape, buildTrainingProgram, LINEARS } from "@r3mes/models";
import { expect, test } from "vitest";
import { createSessions } from "./createSessions.ts";

/** One layer of BitNet b1.58 2B4T. */
const LAYER_2B4T: BitnetShape = {
  ...{ hidden: 2560, layers: 1, heads: 20, kvHeads: 5, headSize: 128 },
  ...{ ffn: 6912, vocabulary: 512, context: 4096 },
};

/** Bytes of everything that a session of a program holds; none of them is allocated here. */
async function plannedBytes(shape: BitnetShape, length: number): Promise<number> {
  const adapter = { rank: 16, alpha: 32, targets: LINEARS };
  const program = buildTrainingProgram(shape, {
    ...{ sequences: 1, length, adapter, optimizer: "adam" },
  });
  let planned = 0;
  const openMachine = (bytes: number): never => {
    planned = bytes;
    throw new RangeError("planned");
  };
  const members = [{ program, state: "" }];
  const prepare = createSessions({ openMachine, members, threads: 2 }, () => new Uint8Array());
  await expect(prepare).rejects.toThrow("planned");
  return planned;
}

test("a layer of 2B4T trains within 2 GiB, and on half the tokens with the head of its whole vocabulary", async () => {
  expect(await plannedBytes(LAYER_2B4T, 512)).toBeLessThan(0.15 * 2 ** 30);
  const whole = { ...LAYER_2B4T, vocabulary: 128_256 };
  expect(await plannedBytes(whole, 256)).toBeLessThan(2 * 2 ** 30);
  // The planner is asked, not a constant: twice the tokens take more than the scores of the second half.
  const scores = 256 * 128_256 * 4;
  const grown = (await plannedBytes(whole, 512)) - (await plannedBytes(whole, 256));
  expect(grown).toBeGreaterThan(scores);
});
