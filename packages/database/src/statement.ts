/**
 * A statement that is written once for each database and asked with other values afterwards: drizzle writes one several times longer than
 * PGlite runs it. It must not depend on the values in any other way than by their places.
 */
import { type Placeholder, sql as text } from "drizzle-orm";
import type { Sql } from "./database.ts";

/** It is passed on as it is: what the column's driver takes, or an array of them within `any`. */
export type StatementValue = string | number | boolean | readonly string[] | readonly number[];

/** What drizzle's builders are. */
interface Written<Result> {
  prepare(name: string): Prepared<Result>;
}

interface Prepared<Result> {
  execute(values: Record<string, unknown>): Promise<Result>;
}

export type Statement<Name extends string, Result> = (
  sql: Sql,
  values: { readonly [Each in Name]: StatementValue },
) => Promise<Result>;

/** @param names of its values; `write` is given the place of each */
export function statement<Name extends string, Result>(
  names: readonly Name[],
  write: (sql: Sql, at: { readonly [Each in Name]: Placeholder<Each> }) => Written<Result>,
): Statement<Name, Result> {
  const prepared = new WeakMap<Sql, Prepared<Result>>();
  const at = Object.fromEntries(names.map((name) => [name, text.placeholder(name)]));
  return (sql, values) => {
    const known = prepared.get(sql) ?? write(sql, at as never).prepare("");
    prepared.set(sql, known);
    return known.execute(values);
  };
}
