/** The end of an answer in OpenAI's words. */
import type { AnswerEnding, AnswerPiece } from "@r3mes/inference";

export function finishReason(ending: AnswerEnding): "stop" | "length" {
  return ending === "end-of-text" || ending === "stop" ? "stop" : "length";
}

export function usageOf(prompt: readonly number[], tokens: readonly number[]) {
  return {
    prompt_tokens: prompt.length,
    completion_tokens: tokens.length,
    total_tokens: prompt.length + tokens.length,
  };
}

export function textOf(pieces: readonly AnswerPiece[]): string {
  return pieces.map(({ text }) => text).join("");
}
