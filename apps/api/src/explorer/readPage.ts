/**
 * One page of a table, the newest first. A cursor is the key of the last row of the page before, so pages neither repeat nor skip
 * a row while new ones arrive.
 */
import { chain, type Sql } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import { and, desc, eq, getTableColumns, type InferSelectModel, type SQL, sql } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import { type PlainRow, plainRow } from "./plainRow.ts";
import { countMax } from "./schemas/primitives.ts";

export type PageRequest = { readonly cursor?: string | undefined; readonly limit: number };

export type Page<Item> = { readonly items: Item[]; readonly next: string | null };

export type PageOptions<Table extends PgTable> = {
  readonly table: Table;
  /** Columns that order the rows and tell them apart, the most significant first. */
  readonly keys: readonly PgColumn[];
  readonly where?: SQL | undefined;
};

export type TimedPageOptions<Table extends PgTable> = PageOptions<Table> & {
  /** The column that holds a height. */
  readonly at: PgColumn;
  /** Columns that a list does not show and that cost much to read. */
  readonly unread?: readonly string[];
};

type Item<Table extends PgTable> = PlainRow<InferSelectModel<Table>>;

export async function readPage<Table extends PgTable>(
  database: Sql,
  request: PageRequest,
  options: PageOptions<Table>,
): Promise<Page<Item<Table>>> {
  const { table, keys, where } = options;
  const rows = await database
    .select()
    .from(table as PgTable)
    .where(and(where, before(keys, request.cursor)))
    .orderBy(...keys.map((key) => desc(key)))
    .limit(request.limit + 1);
  return pageOf(rows, request, options) as Page<Item<Table>>;
}

/** Each row with the time of the block at whose height, a column of the table, it stands. */
export async function readTimedPage<Table extends PgTable>(
  database: Sql,
  request: PageRequest,
  options: TimedPageOptions<Table>,
): Promise<Page<Item<Table> & { readonly timeMs: number }>> {
  const { table, keys, where, at, unread = [] } = options;
  const read = Object.entries(getTableColumns(table)).filter(([name]) => !unread.includes(name));
  const { height, timeMs } = chain.blocks;
  // The page first, then its times: joined at once, a page deep down may read every block above it.
  const page = database
    .select(Object.fromEntries(read))
    .from(table as PgTable)
    .where(and(where, before(keys, request.cursor)))
    .orderBy(...keys.map((key) => desc(key)))
    .limit(request.limit + 1)
    .as("page");
  const columns = page as unknown as Record<string, PgColumn>;
  const own = read.map(([name]) => [name, columns[name]!] as const);
  const rows = await database
    .select({ ...Object.fromEntries(own), timeMs })
    .from(page)
    .innerJoin(chain.blocks, eq(height, columns[nameOf(table, at)]!))
    .orderBy(...keys.map((key) => desc(columns[nameOf(table, key)]!)));
  return pageOf(rows, request, options) as Page<Item<Table> & { timeMs: number }>;
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

function before(keys: readonly PgColumn[], cursor: string | undefined): SQL | undefined {
  if (cursor === undefined) return undefined;
  const parts = cursor.split(".");
  const values = keys.map((key, i) => readKey(key, parts[i] ?? ""));
  if (parts.length !== keys.length || values.some((value) => value === undefined)) {
    throw new R3mesError({ code: "CURSOR_INVALID", cursor });
  }
  const list = (items: readonly unknown[]) =>
    sql.join(
      items.map((item) => sql`${item}`),
      sql`, `,
    );
  return sql`(${list(keys)}) < (${list(values)})`;
}

function readKey(key: PgColumn, text: string): number | string | undefined {
  if (key.dataType === "string") return text === "" ? undefined : text;
  if (!/^\d{1,15}$/.test(text)) return undefined;
  const value = Number(text);
  return key.getSQLType() === "integer" && value > countMax ? undefined : value;
}
