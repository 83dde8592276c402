/** What was asked and what was answered, each as one hash: spec/inference.md, receipts. */
import { type Hash, R3mesError, taggedHash } from "@r3mes/protocol";
import type { Sampling } from "../generate/sampleToken.ts";
import type { AnswerEnding } from "../serve/answer.ts";

/** Everything that decides an answer, beside the model and its adapter. */
export interface ReceiptRequest {
  readonly prompt: readonly number[];
  readonly tokensMax: number;
  readonly sampling: Sampling;
  readonly stop: readonly string[];
}

export interface AnswerOutput {
  /** Every token that was chosen. */
  readonly tokens: readonly number[];
  readonly ending: AnswerEnding;
}

/** An ending's number is its place. */
export const ANSWER_ENDINGS = ["end-of-text", "tokens-max", "context", "stop"] as const;

export function requestHash({ prompt, tokensMax, sampling, stop }: ReceiptRequest): Hash {
  const { temperature, topP, seed } = sampling;
  return taggedHash("remes/request/1", (fields) =>
    fields
      .list(prompt, (writer, token) => writer.u32(token))
      .u32(tokensMax)
      .u32(temperature)
      .u32(topP)
      .u32(seed.low)
      .u32(seed.high)
      .list(stop, (writer, text) => writer.text(text)),
  );
}

/** @throws RECEIPT_INVALID for an ending that has no number */
export function outputHash({ tokens, ending }: AnswerOutput): Hash {
  const number = ANSWER_ENDINGS.indexOf(ending);
  if (number < 0) throw new R3mesError({ code: "RECEIPT_INVALID", field: "ending" });
  return taggedHash("remes/output/1", (fields) =>
    fields.list(tokens, (writer, token) => writer.u32(token)).u8(number),
  );
}
