/** A submission from its lease to every line of its pay. */
import { chain, type Sql } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import { asc, eq } from "drizzle-orm";
import type { z } from "zod";
import { plainRow } from "./plainRow.ts";
import { readAudits } from "./readAudits.ts";
import { readHistory } from "./readHistory.ts";
import { readTimedPage } from "./readPage.ts";
import type { submissionDetail } from "./schemas/work.ts";

export type SubmissionDetail = z.infer<typeof submissionDetail>;

const { audits, cases, credits, leases, offences, submissions } = chain;

export async function readSubmission(sql: Sql, id: number): Promise<SubmissionDetail> {
  const [found] = await sql.select().from(submissions).where(eq(submissions.id, id));
  if (found === undefined) throw new R3mesError({ code: "SUBMISSION_NOT_FOUND", id });
  const [lease] = await sql.select().from(leases).where(eq(leases.id, id));
  const drawn = await readAudits(sql, { limit: 200 }, eq(audits.submissionId, id));
  const pay = await readTimedPage(
    sql,
    { limit: 200 },
    {
      table: credits,
      keys: [credits.height, credits.index],
      where: eq(credits.submissionId, id),
      at: credits.height,
    },
  );
  const fined = await readTimedPage(
    sql,
    { limit: 200 },
    {
      table: offences,
      keys: [offences.height, offences.index],
      where: eq(offences.subject, id),
      at: offences.height,
    },
  );
  const disputed = await sql
    .select({ id: cases.id })
    .from(cases)
    .where(eq(cases.submissionId, id))
    .orderBy(asc(cases.id));
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
