/** One answer as a stream of events: the same for chat and for completions, but for the form of a chunk. */
import type { AnswerPiece } from "@r3mes/inference";
import type { FastifyReply } from "fastify";
import { toR3mesError } from "../errors/answerErrors.ts";
import { bodyOf } from "../errors/errorBody.ts";
import { createEventStream, type EventStream } from "./createEventStream.ts";
import type { Answered, StartedAnswer } from "./startAnswer.ts";
import { whenGone } from "./whenGone.ts";

export interface ChunkForms {
  /** Before the first token; undefined for none. */
  readonly first: object | undefined;
  /** Undefined for pieces that show nothing. */
  readonly pieces: (pieces: readonly AnswerPiece[]) => object | undefined;
  /** The last ones. */
  readonly last: (answered: Answered) => readonly object[];
  /** Tells that the answer broke off. */
  readonly broken: object;
}

/**
 * @param start begins the answer; its pieces go to the function it is given
 * @throws what ends the answer before its first piece: then there is still time for a status
 */
export async function streamAnswer(
  reply: FastifyReply,
  forms: ChunkForms,
  start: (onPiece: (piece: AnswerPiece) => void) => Promise<StartedAnswer>,
): Promise<FastifyReply> {
  let cancel = () => {};
  const events = createEventStream(() => cancel());
  let hasFirst = false;
  const showFirst = () => {
    if (!hasFirst && forms.first !== undefined) events.data(forms.first);
    hasFirst = true;
  };
  let told: AnswerPiece[] = [];
  const showTold = () => {
    const chunk = forms.pieces(told);
    told = [];
    if (chunk !== undefined) events.data(chunk);
  };
  const begin = async () => {
    // What comes in one turn is one chunk: to write and to read one costs the same whatever text it has.
    const started = await start((piece) => {
      showFirst();
      if (told.length === 0) queueMicrotask(showTold);
      told.push(piece);
    });
    cancel = started.cancel;
    // A client that leaves while its request waits is not answered.
    const forget = whenGone(reply, cancel);
    // Nor is the worker woken for one that has its answer, and closes.
    started.done.then(forget, forget);
    // The head goes with the first piece: until then whatever fails has a status of its own.
    await started.shown;
    return started;
  };
  // What nobody will read is not kept alive.
  const started = await begin().catch((error: unknown) => {
    events.readable.destroy();
    throw error;
  });
  showFirst();
  void finish(events, started, forms, reply.request.id);
  return reply
    .header("content-type", "text/event-stream; charset=utf-8")
    .header("cache-control", "no-store")
    .header("x-accel-buffering", "no")
    .send(events.readable);
}

async function finish(
  events: EventStream,
  started: StartedAnswer,
  forms: ChunkForms,
  requestId: string,
): Promise<void> {
  try {
    const answered = await started.done;
    // Cancelled: nobody reads any more.
    if (answered === undefined) return events.done();
    for (const chunk of forms.last(answered)) events.data(chunk);
    events.done();
  } catch (error) {
    events.data(forms.broken);
    events.abort(bodyOf(toR3mesError(error), requestId));
  }
}
