import { setImmediate } from "node:timers/promises";
import { reference } from "@r3mes/engine";
import { buildForwardProgram } from "@r3mes/models";
import { TINY_SHAPE, tinyWeights } from "@r3mes/models/testing";
import { noise } from "@r3mes/protocol";
import { expect, test } from "vitest";
import type { FactorCopies } from "../adapter/copyFactors.ts";
import { type CachedText, createDecoder } from "./createDecoder.ts";
import { createPrefixShelf } from "./createPrefixShelf.ts";

const weights = tinyWeights(
  buildForwardProgram(TINY_SHAPE, { sequences: 1, length: 1, adapter: null }),
  3,
);
const textOf = (seed: number, length: number) =>
  Array.from({ length }, (_, i) => noise(seed, 0, 0, 0, i) % TINY_SHAPE.vocabulary);

function setup(texts: number) {
  const decoder = createDecoder(
    { shape: TINY_SHAPE, adapter: null, pieceTokens: 16, together: 2 },
    // Whoever asks at the same time is in line before the next run.
    { backend: reference, weights, pause: () => setImmediate() },
  );
  const shelf = createPrefixShelf({ bytesMax: texts * decoder.cacheBytes }, { decoder });
  async function ask(tokens: readonly number[]) {
    const text = await shelf.take(null, tokens);
    const known = text.tokens.length;
    const scores = await extendAll(text, tokens.slice(known));
    return { text, known, scores };
  }
  async function extendAll(text: CachedText, tokens: readonly number[]) {
    let rest = tokens;
    for (;;) {
      const { taken, scores } = await decoder.extend(text, rest);
      rest = rest.slice(taken);
      if (rest.length === 0) return scores;
    }
  }
  return { decoder, shelf, ask };
}

test("a conversation goes on where it ended, with the same scores", async () => {
  const { shelf, ask } = setup(2);
  const first = await ask(textOf(1, 20));
  shelf.keep(first.text);
  const second = await ask(textOf(1, 30));
  expect(second.known).toBe(20);
  expect(second.scores).toEqual((await setup(2).ask(textOf(1, 30))).scores);
});

test("the same text again computes its last token only", async () => {
  const { shelf, ask } = setup(2);
  shelf.keep((await ask(textOf(1, 20))).text);
  expect((await ask(textOf(1, 20))).known).toBe(19);
});

test("another conversation after the same beginning leaves the first one whole", async () => {
  const { shelf, ask } = setup(2);
  const first = [...textOf(1, 17), ...textOf(2, 30)];
  shelf.keep((await ask(first)).text);
  const other = await ask([...textOf(1, 17), ...textOf(3, 5)]);
  expect(other.known).toBe(17);
  expect((await ask([...first, 1])).known).toBe(47);
});

test("a copy holds no token that its text took up while the copy waited", async () => {
  const { decoder, shelf, ask } = setup(2);
  const first = textOf(1, 40);
  const other = (shared: number) => [...first.slice(0, shared), ...textOf(9, 1)];
  shelf.keep((await ask(first)).text);
  // The text is rewound twice, the second time further than what is copied, and goes on beside a text that is first in line.
  const [, copied] = await Promise.all([
    decoder.extend(decoder.open(null), [1]),
    shelf.take(null, [...first.slice(0, 18), ...textOf(8, 4)]),
    (async () => {
      shelf.keep(await shelf.take(null, other(22)));
      await decoder.extend(await shelf.take(null, other(16)), textOf(9, 1));
    })(),
  ]);
  expect(copied.tokens).toEqual(first.slice(0, 16));
});

test("a short or another beginning is not shared, nor a text that had to go", async () => {
  const { shelf, ask } = setup(1);
  shelf.keep((await ask(textOf(1, 20))).text);
  expect((await ask([...textOf(1, 10), ...textOf(5, 10)])).known).toBe(0);
  shelf.keep((await ask(textOf(2, 20))).text);
  expect((await ask(textOf(1, 20))).known).toBe(0);
});

test("texts too short for anybody to begin with take no place on the shelf", async () => {
  const { decoder, shelf, ask } = setup(1);
  shelf.keep((await ask(textOf(1, 20))).text);
  const short = (await ask(textOf(2, 15))).text;
  shelf.keep(short);
  shelf.keep(decoder.open(null));
  expect(short.tokens).toEqual([]);
  expect((await ask(textOf(1, 20))).known).toBe(19);
});

test("texts of an adapter that leaves leave with it, and the decoder forgets its copies", async () => {
  const adapterOf = (): FactorCopies => ({ copies: new Map(), magnitudes: new Map() });
  const [kept, lost] = [adapterOf(), adapterOf()];
  const dropped: CachedText[] = [];
  const forgotten: FactorCopies[] = [];
  const decoder = {
    cacheBytes: 1,
    open: (adapter: FactorCopies | null): CachedText => ({ adapter, tokens: [] }),
    copy: async (text: CachedText) => text,
    rewind: () => {},
    drop: (text: CachedText) => void dropped.push(text),
    forget: (adapter: FactorCopies) => void forgotten.push(adapter),
  };
  const shelf = createPrefixShelf({ bytesMax: 9 }, { decoder });
  const texts = [kept, lost].map((adapter) => ({ adapter, tokens: textOf(1, 20) }));
  for (const text of texts) shelf.keep(text);
  expect((await shelf.take(lost, textOf(1, 20))).tokens).toHaveLength(20);
  shelf.keep(texts[1]!);
  shelf.forget(lost);
  expect(dropped).toEqual([texts[1]]);
  expect(forgotten).toEqual([lost]);
  expect((await shelf.take(lost, textOf(1, 20))).tokens).toHaveLength(0);
  expect((await shelf.take(kept, textOf(1, 20))).tokens).toHaveLength(20);
});
