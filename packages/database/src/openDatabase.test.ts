import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { acquireLock } from "@r3mes/service";
import { sql } from "drizzle-orm";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { accounts, chain, type Database, openDatabase } from "./index.ts";
import { migrations } from "./migrations.ts";
import { openTestDatabase } from "./openTestDatabase.ts";

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ folder: null });
}, 300_000);
afterAll(() => database?.close());

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "r3mes-database-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("a folder keeps what was written, and one process at a time may have it", async () => {
  const folder = await temporaryFolder();
  const first = await openDatabase({ folder });
  await first.sql.insert(chain.accounts).values({ address: "remes1a", firstHeight: 7 });
  await expect(openDatabase({ folder })).rejects.toMatchObject({ code: "DATABASE_IN_USE" });
  await first.close();
  const second = await openDatabase({ folder });
  expect(await second.sql.select().from(chain.accounts)).toEqual([
    { address: "remes1a", firstHeight: 7 },
  ]);
  await second.close();
});

test("a folder whose lock somebody holds who cannot be reached, as in another container, is not opened", async () => {
  const folder = await temporaryFolder();
  const release = acquireLock(
    join(folder, "database.lock"),
    () => new Error("nobody else is here"),
  );
  await expect(openDatabase({ folder })).rejects.toMatchObject({
    code: "DATABASE_IN_USE",
    facts: { folder, pid: process.pid },
  });
  release();
});

test("a database of a test has the tables that migrations make, and nothing of another test", async () => {
  const [one, other] = [await openTestDatabase(), await openTestDatabase()];
  const columnsOf = async ({ sql: own }: Database) => {
    const { rows } = (await own.execute(
      sql`select table_schema, table_name, column_name, data_type from information_schema.columns
        where table_schema in ('chain', 'accounts', 'migrations') order by 1, 2, 3`,
    )) as unknown as { readonly rows: readonly object[] };
    return rows;
  };
  const columns = await columnsOf(one);
  expect(columns.length).toBeGreaterThan(100);
  expect(columns).toEqual(await columnsOf(database));
  await one.sql.insert(chain.accounts).values({ address: "remes1a", firstHeight: 7 });
  expect(await other.sql.select().from(chain.accounts)).toEqual([]);
  await Promise.all([one.close(), other.close()]);
}, 300_000);

test("a key from before limits were held keeps what it may ask, and manages no keys", async () => {
  const run = (text: string) => database.sql.execute(sql.raw(text));
  await run("alter table accounts.keys drop constraint keys_manages");
  const createdAt = new Date(0);
  await database.sql.insert(accounts.accounts).values({ id: "a", createdAt });
  const own = { accountId: "a", prefix: "r3mes_", label: "", createdAt };
  const scopes = ["inference", "keys"];
  await database.sql.insert(accounts.keys).values([
    { ...own, id: "capped", hash: "1", scopes, cap: 5 },
    { ...own, id: "bound", hash: "2", scopes, models: ["pool-1"] },
    { ...own, id: "free", hash: "3", scopes },
  ]);
  const migration = new URL("../migrations/accounts/0004_keys-that-manage.sql", import.meta.url);
  const statements = (await readFile(migration, "utf8")).split("--> statement-breakpoint");
  for (const statement of statements) await run(statement);
  const found = await database.sql.select().from(accounts.keys).orderBy(accounts.keys.id);
  expect(found.map((key) => [key.id, key.scopes])).toEqual([
    ["bound", ["inference"]],
    ["capped", ["inference"]],
    ["free", scopes],
  ]);
});

test("tables of the chain say which of their migrations was the last", () => {
  const { migrationsFolder } = migrations.find(
    ({ migrationsTable }) => migrationsTable === "chain",
  )!;
  expect(chain.tablesVersion).toBe(readMigrationFiles({ migrationsFolder }).length - 1);
});

test("a notification reaches a listener", async () => {
  const heard: string[] = [];
  const stop = await database.listen("chain", (payload) => heard.push(payload));
  await database.sql.execute(sql`select pg_notify('chain', '12')`);
  await expect.poll(() => heard).toEqual(["12"]);
  await stop();
});
