/** Draws, openings, verdicts. */
import { chain } from "@r3mes/database";
import { toHex } from "@r3mes/protocol";
import {
  EventAuditDrawnSchema,
  EventStepOpenedSchema,
  EventVerdictCommittedSchema,
  EventVerdictRevealedSchema,
  MsgCommitVerdictSchema,
  MsgOpenStepSchema,
  MsgRevealVerdictSchema,
  VerdictSchema,
} from "@r3mes/protocol/messages";
import { cidText, enumWord } from "../decode/plainMessage.ts";
import { causeOf, change, need, on, type Place } from "./place.ts";
import { recount } from "./recount.ts";

export const auditHandlers = [
  on(EventAuditDrawnSchema, async (event, place) => {
    const submissionId = Number(event.submissionId);
    const { draw, step, fullReplay } = event;
    const submission = await need(place, chain.submissions, { id: submissionId });
    place.rows.put(chain.submissions, { ...submission, draws: draw + 1 });
    const { poolId, round, miner } = submission;
    place.rows.put(chain.audits, {
      ...{ submissionId, draw, poolId, round, miner, step, fullReplay, phase: "opening" },
      endHeight: Number(event.endHeight),
      drawHeight: place.height,
      ...{ openHeight: null, settleHeight: null },
      ...{ rootBefore: null, rootAfter: null, rootFinal: null },
      ...{ stateBeforeCid: null, stateFinalCid: null, openTransaction: null },
    });
    await recount(place, "audits", null, "opening");
    for (const [seat, verifier] of event.verifiers.entries()) {
      place.rows.put(chain.seats, {
        ...{ submissionId, draw, place: seat, verifier },
        ...{ commitment: null, verdict: null, root: null, digest: null },
        ...{ commitHeight: null, revealHeight: null },
        ...{ commitTransaction: null, revealTransaction: null },
      });
    }
  }),
  on(EventStepOpenedSchema, async ({ submissionId, endHeight }, place) => {
    const key = await lastAudit(place, Number(submissionId));
    const opening = causeOf(MsgOpenStepSchema, place)?.opening;
    await changePhase(place, key, () => "commit");
    await change(place, chain.audits, key, () => ({
      endHeight: Number(endHeight),
      openHeight: place.height,
      openTransaction: place.transaction,
      ...(opening && {
        rootBefore: opening.rootBefore.length === 0 ? null : toHex(opening.rootBefore),
        rootAfter: toHex(opening.rootAfter),
        rootFinal: toHex(opening.rootFinal),
        stateBeforeCid: cidText(opening.stateBeforeCid),
        stateFinalCid: cidText(opening.stateFinalCid),
      }),
    }));
  }),
  on(EventVerdictCommittedSchema, async ({ submissionId, draw, verifier }, place) => {
    const commitment = causeOf(MsgCommitVerdictSchema, place)?.commitment;
    const key = { submissionId: Number(submissionId), draw, verifier };
    await change(place, chain.seats, key, () => ({
      commitment: commitment === undefined ? null : toHex(commitment),
      commitHeight: place.height,
      commitTransaction: place.transaction,
    }));
  }),
  on(EventVerdictRevealedSchema, async ({ submissionId, draw, verifier, verdict }, place) => {
    const found = causeOf(MsgRevealVerdictSchema, place);
    const key = { submissionId: Number(submissionId), draw };
    const seat = await need(place, chain.seats, { ...key, verifier });
    const word = enumWord(VerdictSchema, verdict);
    place.rows.put(chain.seats, {
      ...seat,
      verdict: word,
      root: hexOrNull(found?.root),
      digest: hexOrNull(found?.digest),
      revealHeight: place.height,
      revealTransaction: place.transaction,
    });
    await recount(place, "verdicts", seat.verdict, word);
    await changePhase(place, key, (phase) => (phase === "commit" ? "reveal" : phase));
  }),
];

async function lastAudit(place: Place, submissionId: number) {
  const { draws } = await need(place, chain.submissions, { id: submissionId });
  return { submissionId, draw: draws - 1 };
}

async function changePhase(
  place: Place,
  key: Pick<typeof chain.audits.$inferSelect, "submissionId" | "draw">,
  following: (phase: string) => string,
): Promise<void> {
  const audit = await need(place, chain.audits, key);
  const phase = following(audit.phase);
  place.rows.put(chain.audits, { ...audit, phase });
  await recount(place, "audits", audit.phase, phase);
}

function hexOrNull(bytes: Uint8Array | undefined): string | null {
  return bytes === undefined || bytes.length === 0 ? null : toHex(bytes);
}
