/** A submission from its lease to every line of its pay. */
import { chain, type Sql, statement } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import { asc, eq } from "drizzle-orm";
import type { z } from "zod";
import { plainRow } from "./plainRow.ts";
import { readAudits } from "./readAudits.ts";
import { readHistory } from "./readHistory.ts";
import { timedPageReader } from "./readPage.ts";
import type { submissionDetail } from "./schemas/work.ts";

export type SubmissionDetail = z.infer<typeof submissionDetail>;

const { cases, credits, leases, offences, submissions } = chain;

const linesMax = 200;

const submissionById = statement(["id"], (sql, { id }) =>
  sql.select().from(submissions).where(eq(submissions.id, id)),
);
const leaseById = statement(["id"], (sql, { id }) =>
  sql.select().from(leases).where(eq(leases.id, id)),
);
const casesAbout = statement(["id"], (sql, { id }) =>
  sql.select({ id: cases.id }).from(cases).where(eq(cases.submissionId, id)).orderBy(asc(cases.id)),
);
const readPay = timedPageReader({
  table: credits,
  keys: [credits.height, credits.index],
  at: credits.height,
});
const readFines = timedPageReader({
  table: offences,
  keys: [offences.height, offences.index],
  at: offences.height,
});

export async function readSubmission(sql: Sql, id: number): Promise<SubmissionDetail> {
  const [found] = await submissionById(sql, { id });
  if (found === undefined) throw new R3mesError({ code: "SUBMISSION_NOT_FOUND", id });
  const [lease] = await leaseById(sql, { id });
  const drawn = await readAudits(sql, { limit: linesMax }, { submissionId: id });
  const pay = await readPay(sql, { limit: linesMax }, { submissionId: id });
  const fined = await readFines(sql, { limit: linesMax }, { subject: id });
  const disputed = await casesAbout(sql, { id });
  return {
    ...plainRow(found),
    lease,
    audits: drawn.items.reverse(),
    credits: pay.items.reverse(),
    offences: fined.items.filter(({ fault }) => isAboutSubmission(fault)).reverse(),
    caseIds: disputed.map((row) => row.id),
    history: await readHistory(sql, { submissionIds: [id] }),
  } as SubmissionDetail;
}

/** A fault's subject is a submission, unless it concerns the beacon or a challenge. */
function isAboutSubmission(fault: string): boolean {
  return !["missed_beacon", "false_challenge"].includes(fault);
}
