import { expect, test } from "vitest";
import { type GenerateOptions, generateTokens } from "./generateTokens.ts";
import { GREEDY } from "./sampleToken.ts";

/** Counts up: the token after n is n + 1. */
const counting = {
  context: 6,
  next: async (text: readonly number[]) => {
    const scores = new Int32Array(16);
    scores[text.at(-1)! + 1] = 1;
    return scores;
  },
};

async function run(options: Partial<GenerateOptions>) {
  const tokens = generateTokens(
    { prompt: [1], tokensMax: 100, sampling: GREEDY, ...options },
    counting,
  );
  const seen: number[] = [];
  for (;;) {
    const { value, done } = await tokens.next();
    if (done) return { seen, ending: value };
    seen.push(value);
  }
}

test("it ends after as many tokens as were asked for", async () => {
  expect(await run({ tokensMax: 3 })).toEqual({ seen: [2, 3, 4], ending: "tokens-max" });
  expect(await run({ tokensMax: 0 })).toEqual({ seen: [], ending: "tokens-max" });
});

test("it ends at the end of a text, which is not given out", async () => {
  expect(await run({ endOfText: 4 })).toEqual({ seen: [2, 3], ending: "end-of-text" });
});

test("it ends when the context is full; the last token needs no place in it", async () => {
  expect(await run({ prompt: [1, 2] })).toEqual({ seen: [3, 4, 5, 6, 7], ending: "context" });
});
