/** A pool by its number. */
import { chain, type Sql, statement } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import { eq } from "drizzle-orm";
import { plainRow } from "./plainRow.ts";

const poolById = statement(["id"], (sql, { id }) =>
  sql.select().from(chain.pools).where(eq(chain.pools.id, id)),
);

export async function findPool(sql: Sql, id: number) {
  const [found] = await poolById(sql, { id });
  if (found === undefined) throw new R3mesError({ code: "POOL_NOT_FOUND", id });
  return plainRow(found);
}
