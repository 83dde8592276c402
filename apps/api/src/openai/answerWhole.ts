/** One answer as a whole. */
import type { AnswerPiece } from "@r3mes/inference";
import { R3mesError } from "@r3mes/protocol";
import type { FastifyReply } from "fastify";
import type { Answered, StartedAnswer } from "./startAnswer.ts";
import { whenGone } from "./whenGone.ts";

/** Ends early when the client leaves: nobody would read the answer. */
export async function answerWhole(
  reply: FastifyReply,
  start: (onPiece: (piece: AnswerPiece) => void) => Promise<StartedAnswer>,
): Promise<{ readonly answered: Answered; readonly pieces: readonly AnswerPiece[] }> {
  const pieces: AnswerPiece[] = [];
  const { done, cancel } = await start((piece) => void pieces.push(piece));
  const stop = whenGone(reply, cancel);
  const answered = await done;
  stop();
  if (answered === undefined) throw new R3mesError({ code: "CLIENT_GONE" });
  return { answered, pieces };
}
