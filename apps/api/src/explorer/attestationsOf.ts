/** Who vouched for which sum of a round, in the order in which they did, as records hold it. */
import { chain } from "@r3mes/database";
import { and, asc, eq, type SQL } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { fieldsOf, rowsOf, select } from "./writtenJson.ts";

const { attestations } = chain;

export function attestationsOf(poolId: PgColumn, round: PgColumn): SQL {
  return rowsOf(
    select(fieldsOf(attestations))
      .from(attestations)
      .where(and(eq(attestations.poolId, poolId), eq(attestations.round, round)))
      .orderBy(asc(attestations.height), asc(attestations.verifier)),
  );
}
