/** Everything that happened to some records, oldest first, as records hold it. */
import { chain } from "@r3mes/database";
import { asc, type SQL } from "drizzle-orm";
import { eventRecord } from "./records.ts";
import { rowsOf, select } from "./writtenJson.ts";

const { events } = chain;
const eventsMax = 2_000;

export function historyOf(where: SQL): SQL {
  return rowsOf(
    select(eventRecord)
      .from(events)
      .where(where)
      .orderBy(asc(events.height), asc(events.index))
      .limit(eventsMax),
  );
}
