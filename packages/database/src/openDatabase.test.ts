import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { expect, onTestFinished, test } from "vitest";
import { chain, openDatabase } from "./index.ts";

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

test("a notification reaches a listener", async () => {
  const database = await openDatabase({ folder: null });
  const heard: string[] = [];
  const stop = await database.listen("chain", (payload) => heard.push(payload));
  await database.sql.execute(sql`select pg_notify('chain', '12')`);
  await expect.poll(() => heard).toEqual(["12"]);
  await stop();
  await database.close();
});
