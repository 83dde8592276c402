/**
 * Rows that one block reads and changes. They are read from the database once and remembered; what a block changes is written
 * by one statement, so that a block is in the tables whole or not at all.
 */
import { chain, type Database } from "@r3mes/database";
import { and, eq, getTableColumns, type InferSelectModel, sql } from "drizzle-orm";
import { getTableConfig, type PgColumn, type PgTable } from "drizzle-orm/pg-core";
import { rowsJson } from "./rowValues.ts";

type Key<Table extends PgTable> = Partial<InferSelectModel<Table>>;

export interface RowStore {
  /** A row by its primary key: as this block has it so far, or as the database has it. */
  get<Table extends PgTable>(
    table: Table,
    key: Key<Table>,
  ): Promise<InferSelectModel<Table> | undefined>;
  /** Rows that have these values, as this block has them so far, in no particular order. */
  list<Table extends PgTable>(
    table: Table,
    values: Key<Table>,
  ): Promise<readonly InferSelectModel<Table>[]>;
  /** Adds a row, or replaces the one of the same key. */
  put<Table extends PgTable>(table: Table, row: InferSelectModel<Table>): void;
  /** Writes what has been put since the last time, and tells listeners of `channel`. */
  flush(payload: string): Promise<void>;
  /** Forgets what has been put since the last flush, and everything that was remembered. */
  discard(): void;
}

/** Listeners of the database hear the height of each block on this channel. */
export const channel = "chain";

/** Rows that are remembered of one table; beyond them all are forgotten and read again as needed. */
const rememberedMax = 20_000;

type Row = Record<string, unknown>;
type Shape = {
  readonly table: PgTable;
  readonly columns: readonly (readonly [string, PgColumn])[];
  readonly keys: readonly (readonly [string, PgColumn])[];
};

export function createRowStore(database: Database): RowStore {
  const remembered = new Map<PgTable, Map<string, Row>>();
  const changed = new Map<PgTable, Map<string, Row>>();

  return {
    async get(table, key) {
      const name = nameOf(shapeOf(table), key as Row);
      const known = changed.get(table)?.get(name) ?? remembered.get(table)?.get(name);
      if (known !== undefined) return known as InferSelectModel<typeof table>;
      const [row] = await readAll(database, shapeOf(table), key as Row);
      if (row !== undefined) entry(remembered, table).set(name, row);
      return row as InferSelectModel<typeof table> | undefined;
    },
    async list(table, values) {
      const shape = shapeOf(table);
      const found = new Map<string, Row>();
      for (const row of await readAll(database, shape, values as Row)) {
        found.set(nameOf(shape, row), row);
      }
      for (const [name, row] of changed.get(table) ?? []) {
        const fits = Object.entries(values).every(([property, value]) => row[property] === value);
        if (fits) found.set(name, row);
        else found.delete(name);
      }
      return [...found.values()] as InferSelectModel<typeof table>[];
    },
    put(table, row) {
      entry(changed, table).set(nameOf(shapeOf(table), row as Row), row as Row);
    },
    async flush(payload) {
      await write(database, changed, payload);
      for (const [table, rows] of changed) {
        const known = entry(remembered, table);
        if (known.size > rememberedMax || appended.has(table)) known.clear();
        if (!appended.has(table)) for (const [name, row] of rows) known.set(name, row);
      }
      changed.clear();
    },
    discard() {
      changed.clear();
      remembered.clear();
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

function entry(rows: Map<PgTable, Map<string, Row>>, table: PgTable): Map<string, Row> {
  const known = rows.get(table);
  if (known !== undefined) return known;
  const fresh = new Map<string, Row>();
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
