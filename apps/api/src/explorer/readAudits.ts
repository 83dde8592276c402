/** Audits with the seats of those who were drawn. */
import { chain, type Sql, statement } from "@r3mes/database";
import { asc, type Placeholder, sql as text } from "drizzle-orm";
import { type Page, type PageRequest, type PageValues, pageReader } from "./readPage.ts";

const { audits, seats } = chain;

type Audit = typeof audits.$inferSelect & { readonly seats: (typeof seats.$inferSelect)[] };

const readDraws = pageReader({
  table: audits,
  keys: [audits.drawHeight, audits.submissionId, audits.draw],
  conditions: {
    /** Those in which it has a seat. */
    verifier: (verifier: Placeholder) =>
      text`exists (select 1 from ${seats} where ${seats.verifier} = ${verifier}
        and ${seats.submissionId} = ${audits.submissionId} and ${seats.draw} = ${audits.draw})`,
  },
});

const seatsOf = statement(["submissions"], (sql, { submissions }) =>
  sql
    .select()
    .from(seats)
    .where(text`${seats.submissionId} = any(${submissions})`)
    .orderBy(asc(seats.place)),
);

/** `verifier` keeps those in which it has a seat. */
export async function readAudits(
  sql: Sql,
  request: PageRequest,
  values: PageValues,
): Promise<Page<Audit>> {
  const { items, next } = await readDraws(sql, request, values);
  if (items.length === 0) return { items: [], next };
  const submissions = [...new Set(items.map(({ submissionId }) => submissionId))];
  const taken = Map.groupBy(await seatsOf(sql, { submissions }), nameOfDraw);
  return {
    items: items.map((audit) => ({ ...audit, seats: taken.get(nameOfDraw(audit)) ?? [] })),
    next,
  };
}

function nameOfDraw({ submissionId, draw }: Pick<Audit, "submissionId" | "draw">): string {
  return `${submissionId} ${draw}`;
}
