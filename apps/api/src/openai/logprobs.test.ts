import type { AnswerPiece } from "@r3mes/inference";
import { expect, test } from "vitest";
import { createCompletionLogprobs } from "./logprobs.ts";

const letters = ["a", "be", "cee"];
const tokenizer = { decode: ([token]: readonly number[]) => letters[token!]! };

const piece = (token: number): AnswerPiece => ({
  token,
  text: letters[token]!,
  chosen: { token, logProbability: -3 },
  top: [{ token: 0, logProbability: -1 }],
});

test("offsets of an answer go on over the runs in which it comes", () => {
  const told = createCompletionLogprobs(tokenizer);
  expect(told([piece(1), piece(2)]).text_offset).toEqual([0, 2]);
  expect(told([piece(0), piece(0)]).text_offset).toEqual([5, 6]);
});

test("the chosen token is among the likeliest that are told, though it is none of them", () => {
  const { top_logprobs: top } = createCompletionLogprobs(tokenizer)([piece(1), piece(0)]);
  expect(top).toEqual([{ a: -1, be: -3 }, { a: -3 }]);
});
