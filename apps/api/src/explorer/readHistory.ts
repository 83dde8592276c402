/** Everything that happened to some records, oldest first. */
import { chain, type Sql, statement } from "@r3mes/database";
import { asc, sql as text } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { type NetworkEvent, networkEvent } from "./networkEvent.ts";

const { events } = chain;
const eventsMax = 2_000;

export type Subjects =
  | { readonly submissionIds: readonly number[] }
  | { readonly caseIds: readonly number[] };

const eventsOf = (subject: PgColumn) =>
  statement(["ids"], (sql, { ids }) =>
    sql
      .select()
      .from(events)
      .where(text`${subject} = any(${ids})`)
      .orderBy(asc(events.height), asc(events.index))
      .limit(eventsMax),
  );
const eventsOfSubmissions = eventsOf(events.submissionId);
const eventsOfCases = eventsOf(events.caseId);

export async function readHistory(sql: Sql, subjects: Subjects): Promise<NetworkEvent[]> {
  const rows =
    "caseIds" in subjects
      ? await eventsOfCases(sql, { ids: subjects.caseIds })
      : await eventsOfSubmissions(sql, { ids: subjects.submissionIds });
  return rows.map(networkEvent);
}
