/** The last block that is in the tables, if this build may go on from it. */
import { chain, type Database } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";

export type Cursor = typeof chain.cursor.$inferSelect;

/** Undefined for empty tables. Rejects with INDEX_TABLES_NEWER if a later build has migrated them. */
export async function readCursor({ sql }: Pick<Database, "sql">): Promise<Cursor | undefined> {
  const [cursor] = await sql.select().from(chain.cursor);
  const known = chain.tablesVersion;
  if (cursor !== undefined && cursor.version !== known) {
    throw new R3mesError({ code: "INDEX_TABLES_NEWER", found: cursor.version, known });
  }
  return cursor;
}
