/** Who trained some versions, with how many submissions in each and what they were paid. */
import { chain, type Sql } from "@r3mes/database";
import { and, asc, count, eq, inArray, sum } from "drizzle-orm";

const { credits, submissions } = chain;

export type Contributor = {
  readonly adapterId: number;
  readonly miner: string;
  readonly submissions: number;
  readonly paid: string;
};

export async function readContributors(
  sql: Sql,
  adapterIds: readonly number[],
): Promise<Contributor[]> {
  if (adapterIds.length === 0) return [];
  const isIn = inArray(submissions.adapterId, [...adapterIds]);
  const { adapterId, miner } = submissions;
  const handed = await sql
    .select({ adapterId, miner, submissions: count() })
    .from(submissions)
    .where(isIn)
    .groupBy(adapterId, miner)
    .orderBy(asc(adapterId), asc(miner));
  const paid = await sql
    .select({ adapterId, miner, amount: sum(credits.amount) })
    .from(credits)
    .innerJoin(submissions, eq(submissions.id, credits.submissionId))
    .where(and(isIn, eq(credits.role, "miner")))
    .groupBy(adapterId, miner);
  const name = (row: { adapterId: number | null; miner: string }) =>
    `${row.adapterId} ${row.miner}`;
  const amounts = new Map(paid.map((row) => [name(row), row.amount]));
  return handed.map((row) => ({
    adapterId: row.adapterId!,
    miner: row.miner,
    submissions: row.submissions,
    paid: amounts.get(name(row)) ?? "0",
  }));
}
