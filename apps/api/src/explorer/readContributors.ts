/** Who trained some versions, with how many submissions in each and what they were paid. */
import { chain, type Sql, statement } from "@r3mes/database";
import { and, asc, count, eq, type Placeholder, sum, sql as text } from "drizzle-orm";

const { credits, submissions } = chain;

export type Contributor = {
  readonly adapterId: number;
  readonly miner: string;
  readonly submissions: number;
  readonly paid: string;
};

const isAsked = (ids: Placeholder) => text`${submissions.adapterId} = any(${ids})`;

const handedFor = statement(["ids"], (sql, { ids }) =>
  sql
    .select({ adapterId: submissions.adapterId, miner: submissions.miner, submissions: count() })
    .from(submissions)
    .where(isAsked(ids))
    .groupBy(submissions.adapterId, submissions.miner)
    .orderBy(asc(submissions.adapterId), asc(submissions.miner)),
);
const paidFor = statement(["ids"], (sql, { ids }) =>
  sql
    .select({
      adapterId: submissions.adapterId,
      miner: submissions.miner,
      amount: sum(credits.amount),
    })
    .from(credits)
    .innerJoin(submissions, eq(submissions.id, credits.submissionId))
    .where(and(isAsked(ids), eq(credits.role, "miner")))
    .groupBy(submissions.adapterId, submissions.miner),
);

export async function readContributors(
  sql: Sql,
  adapterIds: readonly number[],
): Promise<Contributor[]> {
  const handed = await handedFor(sql, { ids: adapterIds });
  const paid = await paidFor(sql, { ids: adapterIds });
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
