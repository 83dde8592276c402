import { arrayContains, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chain, type Database } from "./index.ts";
import { openTestDatabase } from "./openTestDatabase.ts";

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
}, 300_000);
afterAll(() => database?.close());

/** Statements that are prepared, but for the one that asks for them. */
async function prepared(): Promise<string[]> {
  const { rows } = (await database.sql.execute(
    sql`select statement from pg_prepared_statements`,
  )) as unknown as { readonly rows: { readonly statement: string }[] };
  return rows.map(({ statement }) => statement).filter((text) => !text.includes("pg_prepared"));
}

test("every kind of column reads the same however often it is asked, and is prepared once", async () => {
  const event = {
    ...{ height: 4, index: 0, timeMs: 5_000, kind: "chunk", type: "ChunkLeased" },
    ...{
      transaction: null,
      data: { text: 'it\'s \\ "here", ışık 光', list: [1, null] },
      poolId: 7,
    },
    accounts: ['a "quoted", name', "remes1b"],
  };
  await database.sql.insert(chain.events).values(event);
  const bonds = { owner: "remes1c", role: "miner", amount: 2n ** 63n, locked: 0n, height: 4 };
  await database.sql.insert(chain.bonds).values(bonds);
  const before = (await prepared()).length;
  const found = [];
  for (let i = 0; i < 8; i += 1) {
    const [row] = await database.sql
      .select()
      .from(chain.events)
      .where(arrayContains(chain.events.accounts, event.accounts));
    expect(row).toMatchObject(event);
    found.push(row);
    expect(await database.sql.select().from(chain.bonds)).toEqual([bonds]);
  }
  expect(new Set(found.map((row) => JSON.stringify(row))).size).toBe(1);
  expect(await prepared()).toHaveLength(before + 2);
});

test("a statement that fails says why, and what is asked next is answered", async () => {
  const divide = (by: number) => database.sql.execute(sql`select 10 / ${by}::int as share`);
  await expect(divide(5)).resolves.toMatchObject({ rows: [{ share: 2 }] });
  await expect(divide(0)).rejects.toMatchObject({ cause: { code: "22012" } });
  await expect(database.sql.execute(sql`select nothing`)).rejects.toMatchObject({
    cause: { code: "42703" },
  });
  await expect(divide(2)).resolves.toMatchObject({ rows: [{ share: 5 }] });
});

test("reads that are asked at once have each their own rows, and one that fails takes none with it", async () => {
  const read = (value: number) => database.sql.execute(sql`select 12 / ${value}::int as share`);
  const ends = await Promise.allSettled([3, 0, 4, 6].map(read));
  expect(ends).toMatchObject([
    { value: { rows: [{ share: 4 }] } },
    { reason: { cause: { code: "22012" } } },
    { value: { rows: [{ share: 3 }] } },
    { value: { rows: [{ share: 2 }] } },
  ]);
});

test("a statement outlives a change of its table", async () => {
  await database.sql.execute(sql`create table changing (value integer)`);
  await database.sql.execute(sql`insert into changing values (3)`);
  const read = () => database.sql.execute(sql`select * from changing`);
  await expect(read()).resolves.toMatchObject({ rows: [{ value: 3 }] });
  await database.sql.execute(sql`alter table changing alter column value type text`);
  await expect(read()).resolves.toMatchObject({ rows: [{ value: "3" }] });
});

test("a change that is prepared is made once, and one that fails changes nothing and says why", async () => {
  await database.sql.execute(
    sql`create table counted (id integer primary key, value integer check (value < 3))`,
  );
  await database.sql.execute(sql`insert into counted values (1, 0)`);
  const raise = () =>
    database.sql.execute(sql`/* prepared */
      with raised as (update counted set value = value + 1 where id = ${1}::int returning id)
      insert into counted select id + 10 * ${1}::int, 0 from raised on conflict (id) do nothing`);
  const value = async () => {
    const { rows } = (await database.sql.execute(
      sql`select value from counted where id = 1`,
    )) as unknown as { readonly rows: readonly { readonly value: number }[] };
    return rows[0]!.value;
  };
  for (const expected of [1, 2]) {
    await raise();
    expect(await value()).toBe(expected);
  }
  await expect(raise()).rejects.toMatchObject({ cause: { constraint: "counted_value_check" } });
  expect(await value()).toBe(2);
  expect((await prepared()).filter((text) => text.startsWith("/* prepared */"))).toHaveLength(1);
  const failing = database.sql.transaction(async (tx) => {
    await tx.execute(sql`update counted set value = 0 where id = 1`);
    void raise().catch(() => {});
    throw new Error("given up");
  });
  await expect(failing).rejects.toThrow("given up");
  await expect.poll(value).toBe(2);
});

test("a read waits for an open transaction and sees nothing of one that fails", async () => {
  const read = () => database.sql.select().from(chain.accounts);
  expect(await read()).toEqual([]);
  let meanwhile: ReturnType<typeof read> | undefined;
  const failing = database.sql.transaction(async (tx) => {
    await tx.insert(chain.accounts).values({ address: "remes1d", firstHeight: 1 });
    meanwhile = read();
    await tx.execute(sql`select 1 / 0`);
  });
  await expect(failing).rejects.toThrow();
  expect(await meanwhile).toEqual([]);
});

test("an answer of more bytes than the server sends at once is read whole", async () => {
  const reads = Array.from({ length: 3 }, () =>
    database.sql.execute(sql`select n, repeat('ü', n) as text from generate_series(0, 999) as n`),
  );
  for (const { rows } of (await Promise.all(reads)) as unknown as { rows: object[] }[]) {
    expect(rows).toHaveLength(1_000);
    expect(rows).toEqual(rows.map((_, n) => ({ n, text: "ü".repeat(n) })));
  }
});

test("what a read notifies of is heard, and what others notify of meanwhile", async () => {
  const heard: string[] = [];
  const stop = await database.listen("news", (text) => heard.push(text));
  const notify = (text: string) => database.sql.execute(sql`select pg_notify('news', ${text})`);
  const read = () => database.sql.select().from(chain.bonds);
  await Promise.all([notify("a"), read(), notify("b"), read()]);
  await database.sql.transaction((tx) => tx.execute(sql`select pg_notify('news', 'c')`));
  await read();
  await expect.poll(() => new Set(heard)).toEqual(new Set(["a", "b", "c"]));
  await stop();
});

test("more statements than are kept are answered, and the oldest give way", async () => {
  for (let i = 0; i < 220; i += 1) {
    await expect(database.sql.execute(sql.raw(`select ${i} as n`))).resolves.toMatchObject({
      rows: [{ n: i }],
    });
  }
  const kept = await prepared();
  expect(kept.length).toBeLessThanOrEqual(200);
  expect(kept).toContain("select 219 as n");
  expect(kept).not.toContain("select 0 as n");
});
