/** One hash over everything in the chain's tables, by which two indexes of one chain are compared. */
import { createHash } from "node:crypto";
import { chain, type Database } from "@r3mes/database";
import { getTableName, sql } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";

/** Of each table by its name, in lower-case hexadecimal. */
export async function hashTables(database: Database): Promise<ReadonlyMap<string, string>> {
  const tables = Object.values(chain).filter((value) => value instanceof PgTable);
  const hashes = new Map<string, string>();
  for (const table of tables) {
    const lines = sql`select t::text as line from ${table} t order by t::text collate "C"`;
    const result = (await database.sql.execute(lines)) as { rows: { line: string }[] };
    const hash = createHash("sha256");
    for (const { line } of result.rows) hash.update(line).update("\n");
    hashes.set(getTableName(table), hash.digest("hex"));
  }
  return hashes;
}
