/**
 * A miner that works honestly and loses the cases about its work on purpose. What a defender chooses, nothing but its own case judges: it
 * shows a trace with one wrong record, or a threshold that its update does not have, or is silent. Whoever vouched for the work, or built
 * upon it, must lose nothing by that.
 */
import { fromBinary } from "@bufbuild/protobuf";
import { type ChainMessage, chainMessage } from "@r3mes/chain-client";
import { DutyKind, MsgPostTraceSchema } from "@r3mes/protocol/messages";
import type { MinerCheat } from "./minerCheats.ts";
import { noCheck } from "./noCheck.ts";
import { tensorOf, wrongTrace } from "./wrongTrace.ts";

/** How it loses the case about a submission. Its second name knows it by the same number, and opens the case that this takes. */
export type BadDefence = "wrong record" | "wrong threshold" | "silence";

const defences: readonly BadDefence[] = ["wrong record", "wrong threshold", "silence"];

export function defenceOf(submission: bigint): BadDefence {
  return defences[Number(submission % BigInt(defences.length))]!;
}

/** `tensor` is one that a step only computes, named as in the program. */
export function badDefender(tensor: string): MinerCheat {
  return (deps) => ({
    ...deps,
    selfCheck: noCheck,
    async openPool(id) {
      const pool = await deps.openPool(id);
      const { session } = pool;
      return { ...pool, session: wrongTrace(session, new Set([tensorOf(session, tensor)])) };
    },
    submit: (messages) => deps.submit(messages.map(withWrongThreshold)),
    query: {
      ...deps.query,
      async duties(request) {
        const answer = await deps.query.duties(request);
        const speaks = await Promise.all(
          answer.duties.map(async ({ kind, id }) => {
            if (kind !== DutyKind.POST_TRACE) return true;
            const { case: about } = await deps.query.case({ id });
            return defenceOf(about!.submissionId) !== "silence";
          }),
        );
        return { ...answer, duties: answer.duties.filter((_, i) => speaks[i]) };
      },
    },
  });
}

/** Of the signs of an update; other messages stay as they are. */
function withWrongThreshold(message: ChainMessage): ChainMessage {
  if (message.typeUrl !== `/${MsgPostTraceSchema.typeName}`) return message;
  const { $typeName, update, ...post } = fromBinary(MsgPostTraceSchema, message.value);
  if (update === undefined) return message;
  const threshold = update.threshold + 1;
  return chainMessage(MsgPostTraceSchema, { ...post, update: { ...update, threshold } });
}
