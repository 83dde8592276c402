/** What becomes of a chunk: leased, committed, revealed, and every status of its submission. */
import { chain } from "@r3mes/database";
import { toHex } from "@r3mes/protocol";
import {
  EventChunkLeasedSchema,
  EventCommittedSchema,
  EventLeaseExpiredSchema,
  EventRevealedSchema,
  EventSubmissionChangedSchema,
  SubmissionStatusSchema,
} from "@r3mes/protocol/messages";
import { cidText, enumWord } from "../decode/plainMessage.ts";
import { change, need, on, type Place } from "./place.ts";
import { recount } from "./recount.ts";

type Round = typeof chain.rounds.$inferSelect;
type Submission = typeof chain.submissions.$inferSelect;

export const workHandlers = [
  on(EventChunkLeasedSchema, async (event, place) => {
    const { rows, height } = place;
    const [id, poolId, chunk] = [event.leaseId, event.poolId, event.chunk].map(Number) as Three;
    const { round, miner } = event;
    const endHeight = Number(event.endHeight);
    rows.put(chain.leases, {
      ...{ id, poolId, round, chunk, miner, status: "leased", height, endHeight },
      closeHeight: null,
    });
    const before = await rows.get(chain.chunks, { poolId, round, chunk });
    const leases = (before?.leases ?? 0) + 1;
    const leased = { poolId, round, chunk, status: "leased", leaseId: id, miner, leases, height };
    rows.put(chain.chunks, leased);
    await recount(place, "chunks", before?.status ?? null, "leased");
    await changeRound(place, poolId, round, (counts) => ({ leases: counts.leases + 1 }));
  }),
  on(EventLeaseExpiredSchema, async ({ leaseId, poolId, round, chunk }, place) => {
    await endLease(place, Number(leaseId), "expired");
    await changeChunk(place, { poolId: Number(poolId), round, chunk: Number(chunk) }, "expired");
    await changeRound(place, Number(poolId), round, ({ expired }) => ({ expired: expired + 1 }));
  }),
  on(EventCommittedSchema, async ({ submissionId, miner, commitment }, place) => {
    const id = Number(submissionId);
    const { poolId, round, chunk } = await need(place, chain.leases, { id });
    await endLease(place, id, "committed");
    place.rows.put(chain.submissions, {
      ...{ id, poolId, round, chunk, miner, status: "committed" },
      commitment: toHex(commitment),
      ...{ stepsRoot: null, updateRoot: null, updateCid: null, lossSum: null, late: null },
      ...{ draws: 0, paid: 0n, summed: false, leftOut: false, adapterId: null },
      commitHeight: place.height,
      ...{ revealHeight: null, settleHeight: null, matureHeight: null },
      commitTransaction: place.transaction,
      revealTransaction: null,
    });
    await changeChunk(place, { poolId, round, chunk }, "committed");
    await changeRound(place, poolId, round, ({ committed }) => ({ committed: committed + 1 }));
  }),
  on(EventRevealedSchema, async (event, place) => {
    await change(place, chain.submissions, { id: Number(event.submissionId) }, () => ({
      stepsRoot: toHex(event.stepsRoot),
      updateRoot: toHex(event.updateRoot),
      updateCid: cidText(event.updateCid),
      lossSum: event.lossSum,
      late: event.late,
      revealHeight: place.height,
      revealTransaction: place.transaction,
    }));
    await change(place, chain.cursor, { id: 1 }, ({ revealed }) => ({ revealed: revealed + 1 }));
    const { poolId, round } = event;
    await changeRound(place, Number(poolId), round, ({ revealed }) => ({ revealed: revealed + 1 }));
  }),
  on(EventSubmissionChangedSchema, async (event, place) => {
    const submission = await need(place, chain.submissions, { id: Number(event.submissionId) });
    const status = enumWord(SubmissionStatusSchema, event.status);
    place.rows.put(chain.submissions, {
      ...submission,
      status,
      ...statusHeight(submission, status, place.height),
    });
    await changeChunk(place, submission, status);
    await countAccepted(place, submission, status);
    await settleAudit(place, submission, status);
  }),
];

type Three = [number, number, number];

/** Of an accepted submission that is challenged later the height is known already, and stays. */
const underAudit: ReadonlySet<string> = new Set([
  "committed",
  "revealed",
  "drawn",
  "audited",
  "disputed",
]);

function statusHeight(submission: Submission, status: string, height: number): Partial<Submission> {
  if (status === "mature") return { matureHeight: height };
  if (underAudit.has(status) || submission.settleHeight !== null) return {};
  return { settleHeight: height };
}

/** A submission counts in the sum as long as it is accepted, and stays counted once it is mature. */
async function countAccepted(place: Place, submission: Submission, status: string): Promise<void> {
  const counts = (word: string) => (word === "accepted" || word === "mature" ? 1 : 0);
  const difference = counts(status) - counts(submission.status);
  if (difference === 0) return;
  const { poolId, round } = submission;
  const [before, after] = difference < 0 ? [poolId, null] : [null, poolId];
  await recount(place, "accepted", before, after);
  await changeRound(place, poolId, round, ({ accepted }) => ({ accepted: accepted + difference }));
}

/** Whatever ends the audit of a submission shows in its status. */
async function settleAudit(place: Place, submission: Submission, status: string): Promise<void> {
  if (submission.draws === 0 || status === "drawn" || status === "audited") return;
  const key = { submissionId: submission.id, draw: submission.draws - 1 };
  const audit = await need(place, chain.audits, key);
  if (audit.phase === "settled") return;
  place.rows.put(chain.audits, { ...audit, phase: "settled", settleHeight: place.height });
  await recount(place, "audits", audit.phase, "settled");
}

async function endLease(place: Place, id: number, status: string): Promise<void> {
  await change(place, chain.leases, { id }, () => ({ status, closeHeight: place.height }));
}

async function changeChunk(
  place: Place,
  { poolId, round, chunk }: Pick<Submission, "poolId" | "round" | "chunk">,
  status: string,
): Promise<void> {
  const before = await need(place, chain.chunks, { poolId, round, chunk });
  place.rows.put(chain.chunks, { ...before, status, height: place.height });
  await recount(place, "chunks", before.status, status);
}

async function changeRound(
  place: Place,
  poolId: number,
  number: number,
  values: (round: Round) => Partial<Round>,
): Promise<void> {
  await change(place, chain.rounds, { poolId, number }, values);
}
