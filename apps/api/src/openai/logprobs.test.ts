import type { AnswerPiece } from "@r3mes/inference";
import { expect, test } from "vitest";
import { chatLogprob, createCompletionLogprobs } from "./logprobs.ts";

const letters = ["a", "be", "cee"];
const tokenizer = {
  decode: ([token]: readonly number[]) => letters[token!]!,
  bytesOf: (token: number) => new TextEncoder().encode(letters[token]),
};

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

test("a token is told as its bytes, too, from which parts of characters are put together", () => {
  const parts = [0xc3, 0xa9].map((byte) => Uint8Array.of(byte));
  const halves = { decode: () => "\ufffd", bytesOf: (token: number) => parts[token]! };
  const told = [0, 1].flatMap((token) => chatLogprob(halves, piece(token)));
  expect(told.map(({ bytes }) => bytes)).toEqual([[0xc3], [0xa9]]);
  expect(told[1]!.top_logprobs[0]!.bytes).toEqual([0xc3]);
});
