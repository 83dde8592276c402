import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { chain } from "./index.ts";
import { openTestDatabase } from "./openTestDatabase.ts";

const { adapters, blocks, pools, rounds } = chain;

test("tables are told that are read in a call, or later in what it began, and not those of others", async () => {
  const database = await openTestDatabase();
  const later = () => new Promise((resolve) => setTimeout(resolve, 1));
  async function tablesOf(read: () => Promise<unknown>): Promise<string[]> {
    const tables = new Set<string>();
    await new Promise<void>((resolve, reject) => {
      database.watchReads(tables, () => void read().then(() => resolve(), reject));
    });
    return [...tables].sort();
  }
  const [both, one, none] = await Promise.all([
    tablesOf(async () => {
      await later();
      await database.sql.select().from(rounds).innerJoin(pools, eq(pools.id, rounds.poolId));
      await later();
      const counted = sql`(select count(*) from ${blocks})`;
      await database.sql.execute(sql`select ${counted} as blocks`);
    }),
    // The block of a row that is there stays what it is.
    tablesOf(() =>
      database.sql.select().from(adapters).innerJoin(blocks, eq(blocks.height, adapters.height)),
    ),
    tablesOf(later),
    database.sql.select().from(chain.cases),
  ]);
  expect(both).toEqual(["blocks", "pools", "rounds"]);
  expect(one).toEqual(["adapters"]);
  expect(none).toEqual([]);
  await database.close();
}, 300_000);
