/**
 * Rows that blocks read and change. They are read from the database once and remembered; what blocks change is written by one
 * statement, so that they are in the tables whole or not at all. Nobody else writes these tables: what is remembered stays true.
 */
import { chain, type Database } from "@r3mes/database";
import { and, eq, getTableColumns, type InferSelectModel, sql } from "drizzle-orm";
import { getTableConfig, type PgColumn, type PgTable } from "drizzle-orm/pg-core";
import { rowsJson } from "./rowValues.ts";
import { channel, writeTableChange } from "./tableChange.ts";

type Key<Table extends PgTable> = Partial<InferSelectModel<Table>>;

export interface RowStore {
  /** A row by its primary key: as the blocks have it so far, or as the database has it. */
  get<Table extends PgTable>(
    table: Table,
    key: Key<Table>,
  ): Promise<InferSelectModel<Table> | undefined>;
  /** Rows that have these values, as the blocks have them so far, in no particular order. */
  list<Table extends PgTable>(
    table: Table,
    values: Key<Table>,
  ): Promise<readonly InferSelectModel<Table>[]>;
  /** Adds a row, or replaces the one of the same key. */
  put<Table extends PgTable>(table: Table, row: InferSelectModel<Table>): void;
  /** Writes what has been put since the last time, as these blocks, and tells listeners. */
  flush(blocks: { readonly first: number; readonly last: number }): Promise<void>;
  /** Forgets what has been put since the last flush, and everything that was remembered. */
  discard(): void;
}

/** Rows that are remembered of one table; beyond them all are forgotten and read again as needed. */
const rememberedMax = 20_000;

type Row = Record<string, unknown>;
type Shape = {
  readonly table: PgTable;
  readonly columns: readonly (readonly [string, PgColumn])[];
  readonly keys: readonly (readonly [string, PgColumn])[];
};

export interface RowStoreOptions {
  /** The tables hold nothing yet: what is not remembered of them is not there. */
  readonly isEmpty: boolean;
}

export function createRowStore(database: Database, { isEmpty }: RowStoreOptions): RowStore {
  /** Undefined stands for a row that the database has not got. */
  const remembered = new Map<PgTable, Map<string, Row | undefined>>();
  const changed = new Map<PgTable, Map<string, Row>>();
  /** Tables of which something may be in the database that is not remembered; all of them if `isPartial`. */
  const partial = new Set<PgTable>();
  let isPartial = !isEmpty;
  const isWhole = (table: PgTable) => !isPartial && !partial.has(table);

  return {
    async get(table, key) {
      const shape = shapeOf(table);
      const name = nameOf(shape, key as Row);
      const put = changed.get(table)?.get(name);
      const known = entry(remembered, table);
      if (put !== undefined || known.has(name) || isWhole(table)) {
        return (put ?? known.get(name)) as InferSelectModel<typeof table> | undefined;
      }
      const [row] = await readAll(database, shape, key as Row);
      known.set(name, row);
      return row as InferSelectModel<typeof table> | undefined;
    },
    async list(table, values) {
      const shape = shapeOf(table);
      const fits = (row: Row) =>
        Object.entries(values).every(([property, value]) => row[property] === value);
      const stored = isWhole(table)
        ? [...entry(remembered, table).values()].filter((row) => row !== undefined && fits(row))
        : await readAll(database, shape, values as Row);
      const found = new Map(stored.map((row) => [nameOf(shape, row!), row!]));
      for (const [name, row] of changed.get(table) ?? []) {
        if (fits(row)) found.set(name, row);
        else found.delete(name);
      }
      return [...found.values()] as InferSelectModel<typeof table>[];
    },
    put(table, row) {
      entry(changed, table).set(nameOf(shapeOf(table), row as Row), row as Row);
    },
    async flush(blocks) {
      const tables = [...changed.keys()].map((table) => getTableConfig(table).name);
      await write(database, changed, writeTableChange({ ...blocks, tables }));
      for (const [table, rows] of changed) {
        if (appended.has(table)) continue;
        const known = entry(remembered, table);
        if (known.size > rememberedMax) {
          known.clear();
          partial.add(table);
        }
        for (const [name, row] of rows) known.set(name, row);
      }
      changed.clear();
    },
    discard() {
      changed.clear();
      remembered.clear();
      isPartial = true;
    },
  };
}

/** Tables that are only added to: their rows are never asked for again. */
const appended: ReadonlySet<PgTable> = new Set<PgTable>([
  chain.blocks,
  chain.transactions,
  chain.transactionAccounts,
  chain.events,
  chain.credits,
  chain.withdrawals,
  chain.offences,
  chain.caseMoves,
]);

const shapes = new Map<PgTable, Shape>();

function shapeOf(table: PgTable): Shape {
  const known = shapes.get(table);
  if (known !== undefined) return known;
  const columns = Object.entries(getTableColumns(table)) as [string, PgColumn][];
  const composite = getTableConfig(table).primaryKeys[0]?.columns.map(({ name }) => name);
  const keys = columns.filter(([, column]) => composite?.includes(column.name) ?? column.primary);
  const shape = { table, columns, keys };
  shapes.set(table, shape);
  return shape;
}

function nameOf({ keys }: Shape, row: Row): string {
  return keys.map(([property]) => String(row[property])).join(" ");
}

function entry<Value>(rows: Map<PgTable, Map<string, Value>>, table: PgTable): Map<string, Value> {
  const known = rows.get(table);
  if (known !== undefined) return known;
  const fresh = new Map<string, Value>();
  rows.set(table, fresh);
  return fresh;
}

async function readAll(database: Database, shape: Shape, values: Row): Promise<readonly Row[]> {
  const wanted = shape.columns.filter(([property]) => property in values);
  const fits = and(...wanted.map(([property, column]) => eq(column, values[property])));
  return (await database.sql.select().from(shape.table).where(fits)) as Row[];
}

/** All tables in one statement, which is one transaction on either server. */
async function write(
  database: Database,
  changed: ReadonlyMap<PgTable, ReadonlyMap<string, Row>>,
  payload: string,
): Promise<void> {
  const writes = [...changed].map(([table, rows], i) => {
    const { columns, keys } = shapeOf(table);
    const name = sql.raw(`w${i}`);
    const names = sql.raw(columns.map(([, column]) => `"${column.name}"`).join(", "));
    const keyNames = sql.raw(keys.map(([, column]) => `"${column.name}"`).join(", "));
    const json = rowsJson([...rows.values()].map((row) => toColumns(columns, row)));
    const rest = columns.filter((column) => !keys.includes(column));
    const updates = rest.map(([, { name: column }]) => `"${column}" = excluded."${column}"`);
    const onConflict = updates.length === 0 ? "nothing" : `update set ${updates.join(", ")}`;
    return sql`${name} as (insert into ${table} (${names}) select ${names}
      from json_populate_recordset(null::${table}, ${json}::json)
      on conflict (${keyNames}) do ${sql.raw(onConflict)})`;
  });
  const notice = sql`select pg_notify(${channel}, ${payload})`;
  await database.sql.execute(
    writes.length === 0 ? notice : sql`with ${sql.join(writes, sql`, `)} ${notice}`,
  );
}

function toColumns(columns: Shape["columns"], row: Row): Row {
  return Object.fromEntries(columns.map(([property, { name }]) => [name, row[property] ?? null]));
}
