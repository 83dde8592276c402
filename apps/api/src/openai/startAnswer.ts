/**
 * One answer from the reservation of its credit to its receipt. Whatever ends it (the model, the client, a failure), what was sent is
 * what is paid for.
 */
import { setImmediate } from "node:timers/promises";
import {
  type AnswerEnding,
  type AnswerPiece,
  encodeReceiptFile,
  type InferenceRequest,
  type ReceiptJson,
  receiptOf,
} from "@r3mes/inference";
import { fromHex } from "@r3mes/protocol";
import type { Caller } from "../access/access.ts";
import type { ServedModel } from "../catalogue/modelCatalogue.ts";
import { toR3mesError } from "../errors/answerErrors.ts";
import type { OpenaiDeps } from "./openaiDeps.ts";

export interface AnswerCall {
  readonly caller: Caller;
  readonly model: ServedModel;
  readonly request: InferenceRequest;
}

export interface Answered {
  readonly ending: AnswerEnding;
  readonly tokens: readonly number[];
  readonly receipt: ReceiptJson;
}

export interface StartedAnswer {
  /** Resolves with the first piece, or with an end that has none; rejects if it fails before: nothing was sent yet. */
  readonly shown: Promise<void>;
  /** Undefined if it was cancelled. Resolves when the credit is settled. */
  readonly done: Promise<Answered | undefined>;
  cancel(): void;
}

/**
 * Computing begins while the credit is still being set aside, which takes a few milliseconds; nothing is given out before it is, and
 * where there is none the answer is cancelled.
 *
 * @throws CREDIT_INSUFFICIENT, KEY_CAP_REACHED
 */
export async function startAnswer(
  deps: OpenaiDeps,
  { caller, model, request }: AnswerCall,
  onPiece: (piece: AnswerPiece) => void,
): Promise<StartedAnswer> {
  const room = deps.manifest.architecture.context + 1 - request.prompt.length;
  const tokensMax = Math.min(request.tokensMax, room);
  const beganMs = deps.clock.monotonicMs();
  let sent = 0;
  const first = Promise.withResolvers<void>();
  const pieces = holdBack<AnswerPiece>((piece) => {
    if (piece.token !== undefined) {
      deps.metrics.token();
      if (sent === 0) deps.metrics.firstToken((deps.clock.monotonicMs() - beganMs) / 1000);
      sent += 1;
    }
    onPiece(piece);
    first.resolve();
  });
  let hasBegun = false;
  const run = deps.worker.ask(request, {
    asker: caller.key,
    onBegin: () => {
      hasBegun = true;
      deps.metrics.promptTokens(request.prompt.length);
    },
    onPiece: pieces.push,
  });
  // Heard below, or not at all if there is no credit.
  run.done.catch(() => {});
  const reservation = await caller.reserve(request.prompt.length + tokensMax).catch((error) => {
    run.cancel();
    throw error;
  });
  pieces.release();
  const done = run.done
    .catch((error: unknown) => {
      // Who was given nothing owes nothing.
      if (sent === 0) hasBegun = false;
      throw error;
    })
    .finally(async () => {
      // Settling and signing hold this thread for milliseconds: the last pieces are with their socket before.
      await setImmediate();
      await reservation.settle(hasBegun ? request.prompt.length + sent : 0);
    })
    .then((end) =>
      end === undefined ? undefined : { ...end, receipt: receiptFor(deps, model, request, end) },
    );
  done.then(
    (answered) => deps.metrics.ended(answered?.ending ?? "cancelled"),
    (error: unknown) => deps.metrics.ended(toR3mesError(error).code),
  );
  const shown = Promise.race([first.promise, done.then(() => {})]);
  // Some wait for the first piece and some for the end alone: a failure that nobody hears twice must not end the process.
  for (const heard of [shown, done]) heard.catch(() => {});
  return { shown, done, cancel: run.cancel };
}

/** Keeps what comes until it may be given out, in its order. */
function holdBack<Piece>(give: (piece: Piece) => void) {
  const held: Piece[] = [];
  let isOpen = false;
  return {
    push(piece: Piece): void {
      if (isOpen) give(piece);
      else held.push(piece);
    },
    release(): void {
      isOpen = true;
      for (const piece of held.splice(0)) give(piece);
    },
  };
}

function receiptFor(
  { manifest, signReceipt }: OpenaiDeps,
  { adapter }: ServedModel,
  asked: InferenceRequest,
  answered: Pick<Answered, "ending" | "tokens">,
): ReceiptJson {
  const weights = {
    model: fromHex(manifest.backbone.root),
    ...(adapter === null ? {} : { adapter: fromHex(adapter) }),
    tokenizer: fromHex(manifest.tokenizer!.sha256),
  };
  const receipt = signReceipt(receiptOf(weights, asked, answered));
  return encodeReceiptFile({ ...receipt, asked, answered });
}
