import { eq, sql as text } from "drizzle-orm";
import { expect, test, vi } from "vitest";
import { chain, statement } from "./index.ts";
import { openTestDatabase } from "./openTestDatabase.ts";

const referee = (id: string, height: number) => ({ id, size: 1, height });

test("a statement is written once for each database and answers each value", async () => {
  const write = vi.fn();
  const idsAt = statement(["height", "ids"], (sql, { height, ids }) => {
    write();
    const { referees } = chain;
    return sql
      .select({ id: referees.id })
      .from(referees)
      .where(text`${eq(referees.height, height)} and ${referees.id} = any(${ids})`)
      .orderBy(referees.id);
  });
  const [one, other] = await Promise.all([1, 2].map(() => openTestDatabase()));
  await one!.sql.insert(chain.referees).values([referee("a", 1), referee("b", 2), referee("c", 2)]);
  await other!.sql.insert(chain.referees).values([referee("d", 2)]);
  const ids = ["a", "b", "c", "d"];
  expect(await idsAt(one!.sql, { height: 1, ids })).toEqual([{ id: "a" }]);
  expect(await idsAt(one!.sql, { height: 2, ids })).toEqual([{ id: "b" }, { id: "c" }]);
  expect(await idsAt(one!.sql, { height: 2, ids: ["c"] })).toEqual([{ id: "c" }]);
  expect(await idsAt(one!.sql, { height: 2, ids: [] })).toEqual([]);
  expect(await idsAt(other!.sql, { height: 2, ids })).toEqual([{ id: "d" }]);
  expect(write).toHaveBeenCalledTimes(2);
  await Promise.all([one!.close(), other!.close()]);
});
