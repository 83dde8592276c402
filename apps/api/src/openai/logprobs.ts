/** How likely tokens were, in OpenAI's two forms. A token that is a part of a character shows as U+FFFD; its bytes are told, too. */
import type { AnswerPiece, TokenLogProbability } from "@r3mes/inference";
import type { Tokenizer } from "@r3mes/models";

type Decoder = Pick<Tokenizer, "decode" | "bytesOf">;

/** JSON has no infinity, and clients expect a number. */
const leastLogProbability = -9999;

export function chatLogprob(tokenizer: Decoder, { chosen, top }: AnswerPiece) {
  if (chosen === undefined) return [];
  const of = ({ token, logProbability }: TokenLogProbability) => ({
    token: tokenizer.decode([token]),
    logprob: Math.max(leastLogProbability, logProbability),
    bytes: [...tokenizer.bytesOf(token)],
  });
  return [{ ...of(chosen), top_logprobs: (top ?? []).map(of) }];
}

/** @returns the form of one answer's pieces, which may come in several runs: offsets go on from run to run */
export function createCompletionLogprobs(tokenizer: Decoder) {
  let offset = 0;
  return (pieces: readonly AnswerPiece[]) => {
    const told = pieces.flatMap((piece) => chatLogprob(tokenizer, piece));
    return {
      tokens: told.map(({ token }) => token),
      token_logprobs: told.map(({ logprob }) => logprob),
      // With the chosen one, be it among the likeliest or not.
      top_logprobs: told.map((one) =>
        Object.fromEntries(
          [...one.top_logprobs, one].map(({ token, logprob }) => [token, logprob]),
        ),
      ),
      text_offset: told.map(({ token }) => {
        offset += token.length;
        return offset - token.length;
      }),
    };
  };
}
