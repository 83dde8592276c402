/**
 * Pages of a table, the newest row first. A cursor is the key of the last row of the page before, so pages neither repeat nor skip
 * a row while new ones arrive.
 */
import type { Sql, StatementValue } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import { and, desc, eq, getTableColumns, type Placeholder, type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import { countMax } from "./schemas/primitives.ts";
import { type Fields, fieldsOf, type ReadRecords, recordsReader, select } from "./writtenJson.ts";

export type PageRequest = {
  readonly cursor?: string | undefined;
  readonly limit: number;
  /** What rows are asked to have; what is not named fits every row. */
  readonly [name: string]: StatementValue | undefined;
};

export type PageOptions = {
  readonly table: PgTable;
  /** Columns that order the rows and tell them apart, the most significant first; a record has each under its own name. */
  readonly keys: readonly PgColumn[];
  /** What a page holds of a row; everything, unless it is said. */
  readonly record?: Fields;
  /** Where that stands, if it is another table, and how its rows are found. */
  readonly join?: { readonly table: PgTable; readonly on: SQL };
  /** What holds of every row. */
  readonly where?: SQL;
  /** What a value asks for, by its name. Any other name is that of a column which has to have it. */
  readonly conditions?: { readonly [name: string]: (value: Placeholder) => SQL };
};

/** A page, as the JSON of a reply. */
export type ReadPage = (database: Sql, request: PageRequest) => Promise<string>;

/** Requests that name the same values differ in nothing but these, so their statement is written once. */
export function pageReader(options: PageOptions): ReadPage {
  const { table, keys } = options;
  const names = keys.map((key) => nameOf(table, key));
  const written = new Map<string, ReadRecords<string>>();

  function readerFor(asked: readonly string[], after: readonly string[]): ReadRecords<string> {
    const form = [...asked, ...after].join(" ");
    const known = written.get(form);
    if (known !== undefined) return known;
    const made = recordsReader<string>([], () => pageQuery(options, asked, after));
    written.set(form, made);
    return made;
  }

  return async (database, { cursor, limit, ...values }) => {
    const named = Object.entries(values).filter((entry): entry is Named => entry[1] !== undefined);
    const after = cursor === undefined ? [] : readCursor(keys, cursor);
    const read = readerFor(named.map(nameIn), after.map(nameIn));
    // One more than is shown tells whether there is another page.
    const asked = Object.fromEntries<StatementValue>([...named, ...after, ["limit", limit + 1]]);
    return pageOf(await read(database, asked), limit, names);
  };
}

type Named = [string, StatementValue];
const nameIn = ([name]: readonly [string, unknown]) => name;

function pageQuery(options: PageOptions, names: readonly string[], after: readonly string[]) {
  const { table, keys, record = fieldsOf(table), join } = options;
  const rows = select(record).from(table).$dynamic();
  if (join !== undefined) rows.innerJoin(join.table, join.on);
  return rows
    .where(conditionOf(options, names, after))
    .orderBy(...keys.map((key) => desc(key)))
    .limit(sql.placeholder("limit"));
}

function conditionOf(
  { table, keys, where, conditions = {} }: PageOptions,
  names: readonly string[],
  after: readonly string[],
): SQL | undefined {
  const columns = getTableColumns(table) as { readonly [property: string]: PgColumn };
  const named = names.map((name) => {
    const value = sql.placeholder(name);
    return conditions[name]?.(value) ?? eq(columns[name]!, value);
  });
  const list = (items: readonly unknown[]) =>
    sql.join(
      items.map((item) => sql`${item}`),
      sql`, `,
    );
  const places = after.map((name) => sql.placeholder(name));
  const before = after.length === 0 ? undefined : sql`(${list(keys)}) < (${list(places)})`;
  return and(where, ...named, before);
}

function pageOf(records: readonly string[], limit: number, names: readonly string[]): string {
  const shown = records.slice(0, limit);
  const next = records.length > limit ? cursorOf(JSON.parse(shown.at(-1)!), names) : null;
  return `{"items":[${shown.join(",")}],"next":${JSON.stringify(next)}}`;
}

function cursorOf(record: { readonly [name: string]: unknown }, names: readonly string[]): string {
  return names.map((name) => String(record[name])).join(".");
}

/** A column as records name it. */
function nameOf(table: PgTable, column: PgColumn): string {
  const columns = Object.entries(getTableColumns(table));
  return columns.find(([, other]) => other === column)![0];
}

/** The values of a cursor, each with the name of its place. */
function readCursor(keys: readonly PgColumn[], cursor: string) {
  const parts = cursor.split(".");
  const values = keys.map((key, i) => readKey(key, parts[i] ?? ""));
  if (parts.length !== keys.length || values.some((value) => value === undefined)) {
    throw new R3mesError({ code: "CURSOR_INVALID", cursor });
  }
  return values.map((value, i) => [`after ${i}`, value!] as const);
}

function readKey(key: PgColumn, text: string): number | string | undefined {
  if (key.dataType === "string") return text === "" ? undefined : text;
  // An amount has more digits than a number keeps.
  if (key.dataType === "bigint") return /^\d{1,20}$/.test(text) ? text : undefined;
  if (!/^\d{1,15}$/.test(text)) return undefined;
  const value = Number(text);
  return key.getSQLType() === "integer" && value > countMax ? undefined : value;
}
