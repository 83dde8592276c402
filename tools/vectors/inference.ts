/** Vectors of answers: the choice of a token and the hashes of a receipt (spec/inference.md). */
import {
  outputHash,
  type ReceiptRequest,
  receiptHash,
  receiptOf,
  receiptSigner,
  requestHash,
  type Sampling,
  sampleToken,
} from "@r3mes/inference";
import { counting, describe } from "./describe.ts";
import type { VectorCase, VectorFile } from "./vectorFile.ts";

const bit = 65536;
const plain: Sampling = { temperature: 1000, topP: 1_000_000, seed: { low: 7, high: 9 } };

function samplingCases(): readonly VectorCase[] {
  const falling = Array.from({ length: 50 }, (_, i) => -i * 1000);
  const cases: readonly (readonly [string, readonly number[], Partial<Sampling>])[] = [
    ["greedy takes the greatest", [-5, 3, 1], { temperature: 0 }],
    ["of equal ones the smallest", [-5, 3, 3], { temperature: 0 }],
    ["one token", [-5], {}],
    ["many tokens", falling, {}],
    ["hot", falling, { temperature: 10_000 }],
    ["cold", falling, { temperature: 1 }],
    ["the likeliest that reach half", [-2 * bit, 0, -bit, -2 * bit], { topP: 500_000 }],
    ["one millionth more", [-2 * bit, 0, -bit, -2 * bit], { topP: 500_001 }],
    ["another seed", falling, { seed: { low: 8, high: 9 } }],
    ["the whole seed enters", falling, { seed: { low: 7, high: 10 } }],
    ["the widest scores", [2 ** 31 - 1, -(2 ** 31), 2 ** 31 - 1], { temperature: 10_000 }],
  ];
  return cases.map(([name, scores, change]) => {
    const sampling = { ...plain, ...change };
    const positions = [0, 1, 2, 3, 100, 4095];
    const tokens = positions.map((at) => sampleToken(Int32Array.from(scores), sampling, at));
    return { name, scores, ...sampling, positions, tokens };
  });
}

const asked: ReceiptRequest = {
  prompt: [0, 17, 4095],
  tokensMax: 16,
  sampling: { temperature: 800, topP: 950_000, seed: { low: 7, high: 0xffff_ffff } },
  stop: [],
};

function receiptCases(): readonly VectorCase[] {
  const weights = { model: counting(0), tokenizer: counting(32) };
  const answered = { tokens: [5, 6, 5], ending: "tokens-max" } as const;
  const cases = [
    { name: "a backbone alone", ...weights, asked, answered },
    { name: "an adapter", ...weights, adapter: counting(64), asked, answered },
    {
      name: "stop sequences",
      ...weights,
      asked: { ...asked, stop: ["\n", "Ω"] },
      answered: { tokens: [5], ending: "stop" },
    },
    {
      name: "no token",
      ...weights,
      asked: { ...asked, prompt: [0], tokensMax: 0 },
      answered: { tokens: [], ending: "tokens-max" },
    },
    {
      name: "an answer that the model ended",
      ...weights,
      asked,
      answered: { tokens: [4095], ending: "end-of-text" },
    },
  ] as const;
  const secretKey = counting(1);
  return cases.map((one) => {
    const receipt = receiptOf(one, one.asked, one.answered);
    const { provider, signature } = receiptSigner(secretKey)(receipt);
    const results = {
      request: requestHash(one.asked),
      output: outputHash(one.answered),
      receipt: receiptHash(receipt),
      secretKey,
      provider,
      signature,
    };
    return describe({ ...one, ...results }) as VectorCase;
  });
}

export function inferenceVectors(): readonly VectorFile[] {
  return [
    {
      path: "inference/sampling.json",
      about: "The token that is chosen at each of some positions.",
      cases: samplingCases(),
    },
    {
      path: "inference/receipt.json",
      about: "The hashes and the signature of a receipt.",
      cases: receiptCases(),
    },
  ];
}
