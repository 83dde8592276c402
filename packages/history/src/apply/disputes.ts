/** Cases move by move, with what the parties sent, and what faults cost. */
import { type DescMessage, fromBinary } from "@bufbuild/protobuf";
import { chain } from "@r3mes/database";
import {
  CaseKindSchema,
  CaseOutcomeSchema,
  CaseStageSchema,
  EventCaseClosedSchema,
  EventCaseMovedSchema,
  EventCaseOpenedSchema,
  EventChallengeQueuedSchema,
  EventSlashedSchema,
  FaultSchema,
} from "@r3mes/protocol/messages";
import { enumWord, hashText, type PlainRecord, plainMessage } from "../decode/plainMessage.ts";
import { messageSchema } from "../decode/transactionTypes.ts";
import { change, need, on, type Place } from "./place.ts";
import { recount } from "./recount.ts";

/** What a case is counted as while it has no outcome. */
const withoutOutcome = "open";

export const disputeHandlers = [
  on(EventCaseOpenedSchema, async (event, place) => {
    const id = Number(event.caseId);
    const submissionId = event.submissionId === 0n ? null : Number(event.submissionId);
    const submission =
      submissionId === null
        ? undefined
        : await place.rows.get(chain.submissions, { id: submissionId });
    place.rows.put(chain.cases, {
      id,
      kind: enumWord(CaseKindSchema, event.kind),
      submissionId,
      poolId: submission?.poolId ?? (Number(event.poolId) || null),
      round: submission?.round ?? (event.round || null),
      step: null,
      defender: event.defender,
      challenger: event.challenger,
      ...{ stage: null, toMove: null, blocksLeft: null, found: {}, outcome: null },
      executedHash: null,
      openHeight: place.height,
      closeHeight: null,
      openTransaction: place.transaction,
      closeTransaction: null,
    });
    await recount(place, "cases", null, withoutOutcome);
    keepMove(place, id);
  }),
  on(EventCaseMovedSchema, async (event, place) => {
    const id = Number(event.caseId);
    const stage = enumWord(CaseStageSchema, event.stage);
    const row = await need(place, chain.cases, { id });
    const found = foundBy(row, stage, Number(event.found));
    place.rows.put(chain.cases, {
      ...row,
      stage,
      found,
      step: found.steps ?? row.step ?? (await openedStep(place, row, stage)),
      toMove: event.toMove === "" ? null : event.toMove,
      blocksLeft: event.blocksLeft,
    });
    keepMove(place, id);
  }),
  on(EventChallengeQueuedSchema, async ({ caseId }, place) => keepMove(place, Number(caseId))),
  on(EventCaseClosedSchema, async ({ caseId, outcome, executedHash }, place) => {
    const before = await need(place, chain.cases, { id: Number(caseId) });
    const reached = enumWord(CaseOutcomeSchema, outcome);
    place.rows.put(chain.cases, {
      ...before,
      outcome: reached,
      executedHash: hashText(executedHash),
      toMove: null,
      blocksLeft: null,
      closeHeight: place.height,
      closeTransaction: place.transaction,
    });
    await recount(place, "cases", before.outcome ?? withoutOutcome, reached);
    keepMove(place, Number(caseId));
  }),
  on(EventSlashedSchema, async (event, place) => {
    const { rows, height, index, transaction } = place;
    const { offender, taken, burned, awarded, insured } = event;
    rows.put(chain.offences, {
      height,
      index,
      fault: enumWord(FaultSchema, event.fault),
      subject: Number(event.subject),
      ...{ offender, taken, burned, awarded, insured, transaction },
      caseId: event.caseId === 0n ? null : Number(event.caseId),
    });
    await change(place, chain.cursor, { id: 1 }, (all) => ({
      taken: all.taken + taken,
      burned: all.burned + burned,
    }));
  }),
];

/** A move that leaves a tree says what was found in it. */
function foundBy(
  row: typeof chain.cases.$inferSelect,
  stage: string,
  found: number,
): Record<string, number> {
  const before = row.found as Record<string, number>;
  if (row.stage === null || row.stage === stage) return before;
  return { ...before, [row.stage]: found };
}

/** A case that begins with the operations of a step is about the step that its audit opened. */
async function openedStep(
  { rows }: Place,
  { stage: before, submissionId }: typeof chain.cases.$inferSelect,
  stage: string,
): Promise<number | null> {
  if (before !== null || stage !== "operations" || submissionId === null) return null;
  const submission = await rows.get(chain.submissions, { id: submissionId });
  if (submission === undefined || submission.draws === 0) return null;
  const audit = await rows.get(chain.audits, { submissionId, draw: submission.draws - 1 });
  return audit?.step ?? null;
}

/** The message that moved a case is evidence, and kept whole. One message may cause several events. */
function keepMove({ rows, seen, height, index, transaction, cause }: Place, caseId: number): void {
  if (cause === null || transaction === null || seen.has(cause)) return;
  const schema = messageSchema(cause.typeUrl);
  if (schema === undefined) return;
  seen.add(cause);
  const data = plainMessage(schema, fromBinary(schema, cause.value));
  const type = schema.name.replace(/^Msg/, "");
  rows.put(chain.caseMoves, {
    ...{ caseId, height, index, type, data, transaction },
    signer: signerOf(schema, data),
  });
}

/** The first field of a message names who signs it. */
function signerOf(schema: DescMessage, data: PlainRecord): string {
  const signer = data[schema.fields[0]?.localName ?? ""];
  return typeof signer === "string" ? signer : "";
}
