/** Audits with the seats of those who were drawn. */
import { chain, type Sql } from "@r3mes/database";
import { and, asc, eq, exists, inArray, type SQL } from "drizzle-orm";
import { type Page, type PageRequest, readPage } from "./readPage.ts";

const { audits, seats } = chain;

type Audit = typeof audits.$inferSelect & { readonly seats: (typeof seats.$inferSelect)[] };

/** `verifier` keeps those in which it has a seat. */
export async function readAudits(
  sql: Sql,
  request: PageRequest,
  where: SQL | undefined,
  verifier?: string,
): Promise<Page<Audit>> {
  const hasSeat =
    verifier === undefined
      ? undefined
      : exists(
          sql
            .select({ place: seats.place })
            .from(seats)
            .where(
              and(
                eq(seats.verifier, verifier),
                eq(seats.submissionId, audits.submissionId),
                eq(seats.draw, audits.draw),
              ),
            ),
        );
  const { items, next } = await readPage(sql, request, {
    table: audits,
    keys: [audits.drawHeight, audits.submissionId, audits.draw],
    where: and(where, hasSeat),
  });
  if (items.length === 0) return { items: [], next };
  const submissions = [...new Set(items.map(({ submissionId }) => submissionId))];
  const taken = await sql
    .select()
    .from(seats)
    .where(inArray(seats.submissionId, submissions))
    .orderBy(asc(seats.place));
  const withSeats = items.map((audit) => ({
    ...audit,
    seats: taken.filter(
      ({ submissionId, draw }) => submissionId === audit.submissionId && draw === audit.draw,
    ),
  }));
  return { items: withSeats, next };
}
