/**
 * What a reply holds, as JSON that the database writes itself: rows that are read, mapped and written again cost several times what it
 * takes to find them. 64-bit sums are decimal strings, bytes are hexadecimal. Each part of a record is named as the schemas name it.
 */
import { chain, type Sql, type StatementValue, statement } from "@r3mes/database";
import { getTableColumns, type Placeholder, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { type PgColumn, type PgTable, QueryBuilder } from "drizzle-orm/pg-core";

/** Parts of a record by their names. */
export type Fields = { readonly [name: string]: SQLWrapper };

/** Begins a query that is part of another. */
const query = new QueryBuilder();

/** A query of records. */
export function select(fields: Fields) {
  const named = Object.entries(fields).map(([name, field]) => [name, sql`${field}`.as(name)]);
  return query.select(Object.fromEntries(named) as Record<string, SQL.Aliased>);
}

/** Everything that a table says of a row. */
export function fieldsOf(table: PgTable): Fields {
  const columns = Object.entries(getTableColumns(table));
  return Object.fromEntries(columns.map(([name, column]) => [name, written(column)]));
}

function written(column: PgColumn): SQLWrapper {
  const type = column.getSQLType();
  if (type.startsWith("numeric")) return sql`${column}::text`;
  return type === "bytea" ? sql`encode(${column}, 'hex')` : column;
}

/** When the block was made at whose height, a column, a row stands. */
export function timeAt(height: PgColumn): SQL {
  // Row by row: joined to a whole page, PostgreSQL may read every block first.
  return sql`(select own.time_ms from (select) as one
    join ${chain.blocks} as own on own.height = ${sql`${height}`})`;
}

/** The one record of a query, or null. */
export function rowOf(records: SQLWrapper): SQL {
  return sql`(select row_to_json(item) from (${records}) as item)`;
}

/** All records of a query, in its order or in that of a part of them. */
export function rowsOf(records: SQLWrapper, by?: string): SQL {
  const order = by === undefined ? sql`` : sql` order by item.${sql.identifier(by)}`;
  return sql`(select coalesce(json_agg(item${order}), '[]') from (${records}) as item)`;
}

/** The values of a column in the rows of which something holds, the least first. */
export function valuesOf(column: PgColumn, where: SQL): SQL {
  const values = select({ value: column }).from(column.table).where(where);
  return sql`(select coalesce(json_agg(value order by value), '[]') from (${values}) as item)`;
}

/** In how many rows each word is, of those in which something holds. */
export function countsOf(word: SQLWrapper, table: PgTable, where: SQL = sql`true`): SQL {
  return sql`(select coalesce(json_object_agg(word, counted order by word), '{}') from (
    select ${word} as word, count(*) as counted from ${table} where ${where} group by 1) as words)`;
}

/** The sum of a column over the rows of which something holds. */
export function sumOf(column: PgColumn, where: SQL = sql`true`): SQL {
  return sql`(select coalesce(sum(${column}), 0)::text from ${column.table} where ${where})`;
}

/** In how many rows something holds. */
export function countOf(table: PgTable, where: SQL = sql`true`): SQL {
  return sql`(select count(*) from ${table} where ${where})`;
}

/** Records of a query, each as its JSON. */
export type ReadRecords<Name extends string> = (
  database: Sql,
  values: { readonly [Each in Name]: StatementValue },
) => Promise<string[]>;

export function recordsReader<Name extends string>(
  names: readonly Name[],
  write: (at: { readonly [Each in Name]: Placeholder<Each> }) => SQLWrapper,
): ReadRecords<Name> {
  const read = statement(names, (database, at) =>
    database
      .select({ record: sql<string>`row_to_json(item)::text` })
      .from(sql`(${write(at)}) as item`),
  );
  return async (database, values) => (await read(database, values)).map(({ record }) => record);
}
