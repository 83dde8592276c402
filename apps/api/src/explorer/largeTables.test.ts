/** A chain of 10,000 more blocks, transactions and earners: what a list reads must not grow with its table. */
import { type Database, openDatabase } from "@r3mes/database";
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

/** Rows like the newest one of a table, with other names and places. */
const copies = (table: string, columns: string, values: string, order: string) =>
  sql.raw(`insert into chain.${table} (${columns}) select ${values}
    from (select * from chain.${table} order by ${order} desc limit 1) t, generate_series(1, ${rows}) g`);

beforeAll(async () => {
  database = await openDatabase({ folder: null });
  await indexTo(60, node, database);
  const height = `${first} + g`;
  const name = "md5('a' || g) || md5('b' || g)";
  await database.sql.execute(
    copies(
      "blocks",
      "height, hash, time_ms, proposer, transactions, events, gas_used",
      `${height}, ${name}, time_ms + g, proposer, 1, 1, gas_used`,
      "height",
    ),
  );
  await database.sql.execute(
    copies(
      "transactions",
      `hash, height, "index", code, codespace, log, gas_wanted, gas_used, fee, payer, memo, message_types, messages, bytes`,
      `${name}, ${height}, 0, code, codespace, log, gas_wanted, gas_used, fee, payer, memo, message_types, messages, bytes`,
      "height",
    ),
  );
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
      const statements = asked.splice(0).filter(({ text }) => /^select/i.test(text));
      expect(statements.length).toBeGreaterThan(0);
      for (const { text, values } of statements) {
        const client = database.sql as unknown as {
          readonly $client: {
            query(text: string, values: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
          };
        };
        const explained = await client.$client.query(
          `explain (analyze, format json) ${text}`,
          values,
        );
        const [{ Plan: plan }] = explained.rows[0]!["QUERY PLAN"] as [{ readonly Plan: Plan }];
        expect(rowsOf(plan), text).toBeLessThanOrEqual(100);
      }
    }
  },
);
