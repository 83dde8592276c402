import { packBlock, reference, stateTensors, tensorBytes } from "@r3mes/engine";
import {
  buildForwardProgram,
  initialFactors,
  TINY_ADAPTER,
  TINY_SHAPE,
  tinyWeights,
} from "@r3mes/models";
import { noise, R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { adapterTensors } from "../adapter/adapterTensors.ts";
import { createPrefixScorer } from "./createPrefixScorer.ts";

const forward = (length: number, adapter: typeof TINY_ADAPTER | null = null) =>
  buildForwardProgram(TINY_SHAPE, { sequences: 1, length, adapter });
const weights = tinyWeights(forward(1), 3);
const text = Array.from({ length: 40 }, (_, i) => noise(1, 0, 0, 0, i) % TINY_SHAPE.vocabulary);
const code = (name: string) => expect.objectContaining({ code: name });

/** A file with random factors, and momenta that must not matter. */
function adapterFile(): Uint8Array {
  const program = forward(1, TINY_ADAPTER);
  const states = stateTensors(program).map((id) => program.tensors[id]!);
  const factors = states.map(({ rows, columns, name }) =>
    packBlock("i32", rows, columns, (row, column) => noise(5, name.length, 0, row, column) >> 12),
  );
  const momenta = states.map((state) => new Uint8Array(tensorBytes(state)).fill(1));
  return Uint8Array.from([...factors, ...momenta].flatMap((bytes) => [...bytes]));
}

/** Scores after the last token, without any padding. */
async function lastScores(tokens: readonly number[], file?: Uint8Array): Promise<Int32Array> {
  const program = forward(tokens.length, file === undefined ? null : TINY_ADAPTER);
  const session = await reference.prepare(program, weights);
  if (file !== undefined) {
    for (const [name, bytes] of adapterTensors(program, file)) session.write(name, bytes);
  }
  session.write(
    "tokens",
    packBlock("i32", 1, tokens.length, (_, i) => tokens[i]!),
  );
  await session.run();
  const scores = new Int32Array((await session.read("score")).slice().buffer);
  return scores.slice(-TINY_SHAPE.vocabulary);
}

test("padding changes no score, within one length and across lengths", async () => {
  const scorer = createPrefixScorer({ shape: TINY_SHAPE }, { backend: reference, weights });
  for (const length of [1, 5, 32, 33, 40]) {
    expect(await scorer.next(text.slice(0, length))).toEqual(
      await lastScores(text.slice(0, length)),
    );
  }
  await scorer.close();
});

test("an adapter's factors take part", async () => {
  const file = adapterFile();
  const tensors = adapterTensors(forward(1, TINY_ADAPTER), file);
  const scorer = createPrefixScorer(
    { shape: TINY_SHAPE, adapter: { shape: TINY_ADAPTER, tensors } },
    { backend: reference, weights },
  );
  const scores = await scorer.next(text.slice(0, 6));
  expect(scores).toEqual(await lastScores(text.slice(0, 6), file));
  expect(scores).not.toEqual(await lastScores(text.slice(0, 6)));
});

test("the first factors change nothing", async () => {
  const tensors = new Map([...initialFactors(forward(1, TINY_ADAPTER), { low: 1, high: 2 })]);
  const scorer = createPrefixScorer(
    { shape: TINY_SHAPE, adapter: { shape: TINY_ADAPTER, tensors } },
    { backend: reference, weights },
  );
  expect(await scorer.next(text.slice(0, 4))).toEqual(await lastScores(text.slice(0, 4)));
});

test("what cannot be scored is refused", async () => {
  const scorer = createPrefixScorer({ shape: TINY_SHAPE }, { backend: reference, weights });
  const { context, vocabulary } = TINY_SHAPE;
  await expect(scorer.next([])).rejects.toThrow(code("CONTEXT_EXCEEDED"));
  await expect(scorer.next(new Array(context + 1).fill(0))).rejects.toThrow(
    code("CONTEXT_EXCEEDED"),
  );
  await expect(scorer.next([vocabulary])).rejects.toThrow(code("TOKEN_OUT_OF_VOCABULARY"));
  expect(() => adapterTensors(forward(1, TINY_ADAPTER), new Uint8Array(8))).toThrow(R3mesError);
});
