/** A submission from its lease to every line of its pay. */
import { chain } from "@r3mes/database";
import { and, asc, eq, notInArray } from "drizzle-orm";
import { historyOf } from "./historyOf.ts";
import { auditRecord, creditRecord, offenceRecord } from "./records.ts";
import { fieldsOf, recordsReader, rowOf, rowsOf, select, valuesOf } from "./writtenJson.ts";

const { audits, cases, credits, events, leases, offences, submissions } = chain;

const linesMax = 200;
/** What a fine for it names is no submission. */
const otherFaults = ["missed_beacon", "false_challenge"];

export const readSubmission = recordsReader(["id"], ({ id }) =>
  select({
    ...fieldsOf(submissions),
    lease: rowOf(select(fieldsOf(leases)).from(leases).where(eq(leases.id, submissions.id))),
    audits: rowsOf(
      select(auditRecord)
        .from(audits)
        .where(eq(audits.submissionId, submissions.id))
        .orderBy(asc(audits.drawHeight), asc(audits.draw))
        .limit(linesMax),
    ),
    credits: rowsOf(
      select(creditRecord)
        .from(credits)
        .where(eq(credits.submissionId, submissions.id))
        .orderBy(asc(credits.height), asc(credits.index))
        .limit(linesMax),
    ),
    offences: rowsOf(
      select(offenceRecord)
        .from(offences)
        .where(and(eq(offences.subject, submissions.id), notInArray(offences.fault, otherFaults)))
        .orderBy(asc(offences.height), asc(offences.index))
        .limit(linesMax),
    ),
    caseIds: valuesOf(cases.id, eq(cases.submissionId, submissions.id)),
    history: historyOf(eq(events.submissionId, submissions.id)),
  })
    .from(submissions)
    .where(eq(submissions.id, id)),
);
