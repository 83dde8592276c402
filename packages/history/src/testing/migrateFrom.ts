/** Tables of the chain as an earlier version of them had been filled, and then migrated. */
import { chain, type Database } from "@r3mes/database";
import { migrations } from "@r3mes/database/testing";
import { getTableColumns, getTableName, is, type SQL, sql } from "drizzle-orm";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { PgTable } from "drizzle-orm/pg-core";

/** What each migration of the chain's tables executes, the first one first. */
const chainMigrations: readonly (readonly string[])[] = readMigrationFiles(
  migrations.find(({ migrationsTable }) => migrationsTable === "chain")!,
).map(({ sql: statements }) => statements);

/** Gives the rows that are in the tables to those of a version, which is so many migrations, as far as it has their columns, and migrates them. */
export async function migrateFrom(version: number, { sql: database }: Database): Promise<void> {
  const execute = async (statements: readonly string[]) => {
    for (const statement of statements) await database.execute(sql.raw(statement));
  };
  await execute([
    'alter schema "chain" rename to "newest"',
    'alter table "newest"."cursor" drop constraint "cursor_version"',
    `update "newest"."cursor" set "version" = ${version - 1}`,
  ]);
  await execute(chainMigrations.slice(0, version).flat());
  for (const table of Object.values(chain).filter((value) => is(value, PgTable))) {
    const columns = await columnsOf(table, database);
    const names = sql.join(columns, sql`, `);
    const rows = sql`"newest".${sql.identifier(getTableName(table))}`;
    if (columns.length > 0) {
      await database.execute(sql`insert into ${table} (${names}) select ${names} from ${rows}`);
    }
  }
  await execute(['drop schema "newest" cascade', ...chainMigrations.slice(version).flat()]);
}

/** Those that the table has at present; none, if it is not there. */
async function columnsOf(table: PgTable, database: Database["sql"]): Promise<SQL[]> {
  const present = sql`select column_name as name from information_schema.columns
    where table_schema = 'chain' and table_name = ${getTableName(table)}`;
  const { rows } = (await database.execute(present)) as { rows: { name: string }[] };
  const names = new Set(rows.map(({ name }) => name));
  return Object.values(getTableColumns(table))
    .filter(({ name }) => names.has(name))
    .map(({ name }) => sql`${sql.identifier(name)}`);
}
