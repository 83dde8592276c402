/** Who vouched for which sum of a round, in the order in which they did. */
import { chain, statement } from "@r3mes/database";
import { and, asc, eq } from "drizzle-orm";

const { attestations } = chain;

export const attestationsOf = statement(["poolId", "round"], (sql, { poolId, round }) =>
  sql
    .select()
    .from(attestations)
    .where(and(eq(attestations.poolId, poolId), eq(attestations.round, round)))
    .orderBy(asc(attestations.height), asc(attestations.verifier)),
);
