/** The condition that columns have the values that a request names; what it leaves open fits everything. */
import { and, eq, getTableColumns, type SQL } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";

export function fitting(
  table: PgTable,
  values: { readonly [property: string]: string | number | undefined },
): SQL | undefined {
  const columns = getTableColumns(table) as { readonly [property: string]: PgColumn };
  const named = Object.entries(values).filter(([, value]) => value !== undefined);
  return and(...named.map(([property, value]) => eq(columns[property]!, value)));
}
