/** Records that more than one reply holds. */
import { chain } from "@r3mes/database";
import { and, asc, eq, sql } from "drizzle-orm";
import { fieldsOf, rowsOf, select, timeAt } from "./writtenJson.ts";

const { adapters, audits, credits, events, offences, seats, transactions } = chain;

export const eventRecord = {
  id: sql`${events.height} || '-' || ${events.index}`,
  ...fieldsOf(events),
};
export const creditRecord = { ...fieldsOf(credits), timeMs: timeAt(credits.height) };
export const offenceRecord = { ...fieldsOf(offences), timeMs: timeAt(offences.height) };
export const versionRecord = { ...fieldsOf(adapters), timeMs: timeAt(adapters.height) };

const { messages: _, bytes: __, ...listed } = fieldsOf(transactions);
/** Without what is in it, which lists do not show and which costs much to read. */
export const transactionRecord = { ...listed, timeMs: timeAt(transactions.height) };

/** With the seats of those who were drawn. */
export const auditRecord = {
  ...fieldsOf(audits),
  seats: rowsOf(
    select(fieldsOf(seats))
      .from(seats)
      .where(and(eq(seats.submissionId, audits.submissionId), eq(seats.draw, audits.draw)))
      .orderBy(asc(seats.place)),
  ),
};
