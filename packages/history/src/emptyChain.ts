/** Forgets the chain, so that it is read again from its first block. Accounts, keys and credits stay. */
import { chain, type Database } from "@r3mes/database";
import { sql } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";

export async function emptyChain(database: Database): Promise<void> {
  const tables = Object.values(chain).filter((value) => value instanceof PgTable);
  await database.sql.execute(sql`truncate ${sql.join(tables, sql`, `)}`);
}
