import { packBlock, reference, type Session, stepConstants } from "@r3mes/engine";
import { describe, expect, test } from "vitest";
import type { BitnetShape } from "./bitnetShape.ts";
import { buildForwardProgram } from "./buildBitnet.ts";
import { TINY_ADAPTER, tinyTraining } from "./tinyTraining.ts";

/** The opening of Moby-Dick (1851). */
const TEXT = `Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse, and
nothing particular to interest me on shore, I thought I would sail about a little and see the watery part of the world. It is
a way I have of driving off the spleen and regulating the circulation. Whenever I find myself growing grim about the mouth;
whenever it is a damp, drizzly November in my soul; whenever I find myself involuntarily pausing before coffin warehouses, and
bringing up the rear of every funeral I meet; and especially whenever my hypos get such an upper hand of me, that it requires
a strong moral principle to prevent me from deliberately stepping into the street, and methodically knocking people's hats
off, then, I account it high time to get to sea as soon as I can. This is my substitute for pistol and ball. With a
philosophical flourish Cato throws himself upon his sword; I quietly take to the ship. There is nothing surprising in this. If
they but knew it, almost all men in their degree, some time or other, cherish very nearly the same feelings towards the ocean
with me.`;

const ALPHABET = " abcdefghijklmnopqrstuvwxyz.,;'";
const ids = [...TEXT.toLowerCase().replaceAll("\n", " ")].map((letter) =>
  Math.max(0, ALPHABET.indexOf(letter)),
);

const shape: BitnetShape = {
  hidden: 32,
  layers: 2,
  heads: 2,
  kvHeads: 1,
  headSize: 16,
  ffn: 32,
  vocabulary: 32,
  context: 32,
};
const SEQUENCES = 2;
const LENGTH = 16;
const STEPS = 30;
/** The last windows are kept for evaluation. */
const HELD_OUT = 8;
const windows = Math.floor((ids.length - 1) / LENGTH);

function windowBytes(first: number, count: number): Uint8Array {
  return packBlock(
    "i32",
    count,
    LENGTH + 1,
    (row, column) => ids[(first + row) * LENGTH + column]!,
  );
}

async function bitsPerToken(session: Session): Promise<number> {
  const bytes = await session.read("loss.total");
  const total = new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true);
  return Number(total) / 65536;
}

describe.each(["adam", "lion"] as const)("%s", (optimizer) => {
  test("learns real text: the loss of windows that it never saw falls", async () => {
    const training = tinyTraining({
      seed: 3,
      steps: STEPS,
      optimizer,
      shape,
      sequences: SEQUENCES,
      length: LENGTH,
    });
    const session = await reference.prepare(training.program, training.weights);
    training.begin(session);

    const evaluation = buildForwardProgram(shape, {
      sequences: HELD_OUT,
      length: LENGTH,
      adapter: TINY_ADAPTER,
      withLoss: true,
    });
    const judge = await reference.prepare(evaluation, training.weights);
    const heldOut = async () => {
      for (const { name, role } of evaluation.tensors) {
        if (role === "state") judge.write(name, await session.read(name));
      }
      judge.write("tokens", windowBytes(windows - HELD_OUT, HELD_OUT));
      await judge.run();
      return (await bitsPerToken(judge)) / (HELD_OUT * LENGTH);
    };

    const before = await heldOut();
    const trainable = windows - HELD_OUT;
    for (let t = 1; t <= STEPS; t++) {
      training.prepareStep(session, t);
      session.write("tokens", windowBytes((t * SEQUENCES) % (trainable - SEQUENCES), SEQUENCES));
      await session.run();
    }
    const after = await heldOut();
    // A guess without a model costs 5 bits for each of the 32 letters.
    expect(before).toBeGreaterThan(5);
    expect(after).toBeLessThan(optimizer === "adam" ? 5 : before - 0.5);
  });
});

test("weight decay alone shrinks the factors towards zero", async () => {
  const training = tinyTraining({ seed: 3, steps: 4, optimizer: "lion" });
  const session = await reference.prepare(training.program, training.weights);
  training.begin(session);
  training.prepareStep(session, 1);
  const name = "layers.0.q.a";
  const before = new Int32Array((await session.read(name)).slice().buffer);
  session.write(
    "step",
    stepConstants({ seed: { low: 1, high: 1 }, t: 1, learningRate: 0, decay: 2 ** 22 }),
  );
  await session.run();
  const after = new Int32Array((await session.read(name)).slice().buffer);
  const expected = Array.from(before, (w) => w - Math.floor((w * 2 ** 22 + 2 ** 29) / 2 ** 30));
  expect([...after]).toEqual(expected);
});
