import { expect, test } from "vitest";
import type { CachedText, Extension } from "../decode/createDecoder.ts";
import { type GenerateOptions, generateTokens } from "./generateTokens.ts";
import { GREEDY } from "./sampleToken.ts";

/** Counts up: the token after n is n + 1. It takes three tokens of a prompt at once. */
const counting = {
  context: 6,
  extend: async (text: CachedText, tokens: readonly number[]): Promise<Extension> => {
    const taken = Math.min(3, tokens.length);
    (text.tokens as number[]).push(...tokens.slice(0, taken));
    const scores = new Int32Array(16);
    scores[text.tokens.at(-1)! + 1] = 1;
    return { taken, scores, observed: new Map() };
  },
};

async function run(options: Partial<GenerateOptions>, known: number[] = []) {
  const text = { adapter: null, tokens: known };
  const tokens = generateTokens(
    { prompt: [1], tokensMax: 100, sampling: GREEDY, ...options },
    { decoder: counting, text },
  );
  const seen: (number | null)[] = [];
  for (;;) {
    const { value, done } = await tokens.next();
    if (done) return { seen, ending: value, text: text.tokens };
    seen.push(value === null ? null : value.token);
  }
}

test("it ends after as many tokens as were asked for", async () => {
  expect(await run({ tokensMax: 3 })).toMatchObject({ seen: [2, 3, 4], ending: "tokens-max" });
  expect(await run({ tokensMax: 0 })).toMatchObject({ seen: [], ending: "tokens-max" });
});

test("it ends at the end of a text, which is not given out", async () => {
  expect(await run({ endOfText: 4 })).toMatchObject({ seen: [2, 3], ending: "end-of-text" });
});

test("it ends when the context is full; the last token needs no place in it", async () => {
  expect(await run({ prompt: [1, 2] })).toMatchObject({
    seen: [3, 4, 5, 6, 7],
    ending: "context",
  });
});

test("a long prompt is taken in pieces, and each of them is a step", async () => {
  expect(await run({ prompt: [9, 8, 7, 6, 5], tokensMax: 1 })).toEqual({
    seen: [null, 6],
    ending: "tokens-max",
    text: [9, 8, 7, 6, 5],
  });
});

test("what is computed already is not computed again", async () => {
  expect(await run({ prompt: [9, 8, 7, 6, 5], tokensMax: 1 }, [9, 8, 7, 6])).toEqual({
    seen: [6],
    ending: "tokens-max",
    text: [9, 8, 7, 6, 5],
  });
});
