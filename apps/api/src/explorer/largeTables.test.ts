/** A chain of 10,000 more blocks, transactions, earners and pieces of work: what a page reads must not grow with its tables. */
import type { Database } from "@r3mes/database";
import { openTestDatabase } from "@r3mes/database/testing";
import { indexTo, recordedChain } from "@r3mes/history/testing";
import { createLogger, systemClock } from "@r3mes/service";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { defaultApiOptions } from "../apiOptions.ts";
import type { ApiServer } from "../apiServer.ts";
import { createApi } from "../createApi.ts";
import { explorerRoutes } from "./explorerRoutes.ts";

const rows = 10_000;
const node = recordedChain();
const first = node.height + 1;

let database: Database;
let server: ApiServer;
/** Statements that reached the database. */
const asked: { text: string; values: unknown[] }[] = [];

/** Rows like the last one of a table, with other values for some columns. */
const copies = (table: string, order: string, values: string) =>
  sql.raw(`insert into chain.${table} select copy.*
    from (select last from chain.${table} last order by ${order} desc limit 1) as one,
      generate_series(1, ${rows}) g,
      jsonb_populate_record(last, jsonb_build_object(${values})) as copy`);

beforeAll(async () => {
  database = await openTestDatabase();
  await indexTo(60, node, database);
  const place = `'height', ${first} + g`;
  const hash = "'hash', md5('a' || g) || md5('b' || g)";
  for (const [table, order, values] of [
    ["blocks", "height", `${place}, ${hash}, 'time_ms', (last).time_ms + g`],
    ["transactions", "height", `${place}, ${hash}, 'index', 0`],
    ["chunks", "chunk", "'chunk', 1000 + g"],
    ["submissions", "id", "'id', 1000 + g, 'adapter_id', null"],
    ["audits", "draw", "'draw', 1000 + g"],
    ["seats", "draw", "'draw', 1000 + g"],
    ["offences", "height", place],
  ] as const) {
    await database.sql.execute(copies(table, order, values));
    expect(await database.sql.$count(sql.raw(`chain.${table}`)), table).toBeGreaterThan(rows);
  }
  await database.sql.execute(
    sql.raw(`insert into chain.earnings (owner, role, credited, credits)
      select 'remes1' || md5('a' || g), 'miner', g, 1 from generate_series(1, ${rows}) g`),
  );
  await database.sql.execute(sql`analyze`);
  const log = createLogger(
    { name: "api", level: "silent", format: "json" },
    { stream: process.stdout, clock: systemClock },
  );
  server = await createApi(defaultApiOptions, {
    log,
    operations: async () => undefined,
    openai: async () => undefined,
    explorer: explorerRoutes({ database, rpc: node.rpc }),
  });
  type Client = { query(text: string, values?: unknown[], options?: object): Promise<unknown> };
  const { $client: client } = database.sql as unknown as { readonly $client: Client };
  const query = client.query.bind(client);
  client.query = (text, values = [], options) => {
    asked.push({ text, values });
    return query(text, values, options);
  };
}, 300_000);
afterAll(async () => {
  await server?.close();
  await database?.close();
});

interface Plan {
  readonly "Actual Rows": number;
  /** Read and thrown away, in each loop. */
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Join Filter"?: number;
  readonly "Actual Loops": number;
  readonly Plans?: readonly Plan[];
}

/** Rows that a part of a plan read, the most of all its parts. */
const rowsOf = (plan: Plan): number => {
  const removed =
    (plan["Rows Removed by Filter"] ?? 0) + (plan["Rows Removed by Join Filter"] ?? 0);
  const read = (plan["Actual Rows"] + removed) * plan["Actual Loops"];
  return Math.max(read, ...(plan.Plans ?? []).map(rowsOf));
};

async function get(path: string) {
  const reply = await server.inject(`/explorer/v1${path}`);
  expect(reply.statusCode, path).toBe(200);
  return reply.json();
}

/** Of each statement that was asked since the last time. */
async function expectFewRowsRead() {
  const statements = asked.splice(0).filter(({ text }) => /^select/i.test(text));
  expect(statements.length).toBeGreaterThan(0);
  for (const { text, values } of statements) {
    const client = database.sql as unknown as {
      readonly $client: {
        query(text: string, values: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
      };
    };
    const explained = await client.$client.query(`explain (analyze, format json) ${text}`, values);
    const [{ Plan: plan }] = explained.rows[0]!["QUERY PLAN"] as [{ readonly Plan: Plan }];
    expect(rowsOf(plan), text).toBeLessThanOrEqual(100);
  }
}

test.each([
  ["blocks", `${first + 500}`],
  ["transactions", `${first + 500}.0`],
  ["rewards/earnings", "500.remes1.miner"],
])(
  "a page of %s reads little more than its rows, at the head and deep down",
  async (list, deep) => {
    for (const query of ["limit=50", `limit=50&cursor=${deep}`]) {
      asked.length = 0;
      const { items, next } = await get(`/${list}?${query}`);
      expect(items).toHaveLength(50);
      expect(next).not.toBeNull();
      await expectFewRowsRead();
    }
  },
);

test("the network at a glance reads no more of many chunks, audits and fines than of a few", async () => {
  asked.length = 0;
  const { chunksByStatus } = await get("/network");
  // What the indexer has counted, not the copies.
  expect(Object.values<number>(chunksByStatus).reduce((all, counted) => all + counted)).toBe(6);
  await expectFewRowsRead();
});
