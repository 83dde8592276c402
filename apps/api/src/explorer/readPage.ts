/**
 * Pages of a table, the newest row first. A cursor is the key of the last row of the page before, so pages neither repeat nor skip
 * a row while new ones arrive.
 */
import { chain, type Sql, type Statement, type StatementValue, statement } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import {
  and,
  desc,
  eq,
  getTableColumns,
  type InferSelectModel,
  type Placeholder,
  type SQL,
  sql,
} from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import { type PlainRow, plainRow } from "./plainRow.ts";
import { countMax } from "./schemas/primitives.ts";

export type PageRequest = { readonly cursor?: string | undefined; readonly limit: number };

export type Page<Item> = { readonly items: Item[]; readonly next: string | null };

/** What a request names; the rest fits every row. */
export type PageValues = { readonly [name: string]: StatementValue | undefined };

export type PageOptions<Table extends PgTable> = {
  readonly table: Table;
  /** Columns that order the rows and tell them apart, the most significant first. */
  readonly keys: readonly PgColumn[];
  /** What holds of every row. */
  readonly where?: SQL;
  /** What a value asks for, by its name. Any other name is that of a column which has to have it. */
  readonly conditions?: { readonly [name: string]: (value: Placeholder) => SQL };
};

export type TimedPageOptions<Table extends PgTable> = PageOptions<Table> & {
  /** The column that holds a height. */
  readonly at: PgColumn;
  /** Columns that a list does not show and that cost much to read. */
  readonly unread?: readonly string[];
};

export type ReadPage<Item> = (
  database: Sql,
  request: PageRequest,
  values?: PageValues,
) => Promise<Page<Item>>;

type Item<Table extends PgTable> = PlainRow<InferSelectModel<Table>>;

export function pageReader<Table extends PgTable>(
  options: PageOptions<Table>,
): ReadPage<Item<Table>> {
  const { table, keys } = options;
  return readerOf(options, (database, where) =>
    database
      .select()
      .from(table as PgTable)
      .where(where)
      .orderBy(...keys.map((key) => desc(key)))
      .limit(sql.placeholder("limit")),
  ) as ReadPage<Item<Table>>;
}

/** Each row with the time of the block at whose height, a column of the table, it stands. */
export function timedPageReader<Table extends PgTable>(
  options: TimedPageOptions<Table>,
): ReadPage<Item<Table> & { readonly timeMs: number }> {
  const { table, keys, at, unread = [] } = options;
  const read = Object.entries(getTableColumns(table)).filter(([name]) => !unread.includes(name));
  const { blocks } = chain;
  const place = sql`${table}.${sql.identifier(at.name)}`;
  // Row by row: joined to a whole page, PostgreSQL may read every block first.
  const timeMs = sql`(select own.time_ms from (select) as one join ${blocks} as own on own.height = ${place})`;
  return readerOf(options, (database, where) =>
    database
      .select({ ...Object.fromEntries(read), timeMs: timeMs.mapWith(blocks.timeMs) })
      .from(table as PgTable)
      .where(where)
      .orderBy(...keys.map((key) => desc(key)))
      .limit(sql.placeholder("limit")),
  ) as ReadPage<Item<Table> & { readonly timeMs: number }>;
}

type Rows = readonly Record<string, unknown>[];
type Select = (
  database: Sql,
  where: SQL | undefined,
) => { prepare(name: string): { execute(values: Record<string, unknown>): Promise<Rows> } };

/** Requests that name the same values differ in nothing but these, so their statement is written once. */
function readerOf<Table extends PgTable>(
  options: PageOptions<Table>,
  select: Select,
): ReadPage<object> {
  const written = new Map<string, Statement<string, Rows>>();

  function statementFor(names: readonly string[], after: readonly string[]) {
    const form = [...names, ...after].join(" ");
    const known = written.get(form);
    if (known !== undefined) return known;
    const made = statement<string, Rows>([], (database) =>
      select(database, conditionOf(options, names, after)),
    );
    written.set(form, made);
    return made;
  }

  return async (database, request, values = {}) => {
    const named = Object.entries(values).filter((entry): entry is Named => entry[1] !== undefined);
    const after = request.cursor === undefined ? [] : readCursor(options.keys, request.cursor);
    const ask = statementFor(named.map(nameIn), after.map(nameIn));
    const limit = request.limit + 1;
    const rows = await ask(database, Object.fromEntries([...named, ...after, ["limit", limit]]));
    return pageOf(rows, request, options);
  };
}

type Named = [string, StatementValue];
const nameIn = ([name]: readonly [string, unknown]) => name;

function conditionOf<Table extends PgTable>(
  { table, keys, where, conditions = {} }: PageOptions<Table>,
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

/** A column as rows name it. */
function nameOf(table: PgTable, column: PgColumn): string {
  const columns = Object.entries(getTableColumns(table));
  return columns.find(([, other]) => other === column)![0];
}

function pageOf<Table extends PgTable>(
  rows: readonly Record<string, unknown>[],
  { limit }: PageRequest,
  { table, keys }: PageOptions<Table>,
): Page<object> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const names = keys.map((key) => nameOf(table, key));
  const isLast = rows.length <= limit || last === undefined;
  return {
    items: shown.map(plainRow),
    next: isLast ? null : names.map((name) => String(last[name])).join("."),
  };
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
  if (!/^\d{1,15}$/.test(text)) return undefined;
  const value = Number(text);
  return key.getSQLType() === "integer" && value > countMax ? undefined : value;
}
