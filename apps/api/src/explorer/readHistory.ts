/** Everything that happened to some records, oldest first. */
import { chain, type Sql } from "@r3mes/database";
import { asc, inArray } from "drizzle-orm";
import { type NetworkEvent, networkEvent } from "./networkEvent.ts";

const { events } = chain;
const eventsMax = 2_000;

export type Subjects =
  | { readonly submissionIds: readonly number[] }
  | { readonly caseIds: readonly number[] };

export async function readHistory(sql: Sql, subjects: Subjects): Promise<NetworkEvent[]> {
  const [column, ids] =
    "caseIds" in subjects
      ? ([events.caseId, subjects.caseIds] as const)
      : ([events.submissionId, subjects.submissionIds] as const);
  if (ids.length === 0) return [];
  const rows = await sql
    .select()
    .from(events)
    .where(inArray(column, [...ids]))
    .orderBy(asc(events.height), asc(events.index))
    .limit(eventsMax);
  return rows.map(networkEvent);
}
