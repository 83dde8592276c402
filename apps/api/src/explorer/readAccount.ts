/** An account with its bonds, work, pay and fines. */
import { chain, type Sql } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import { and, asc, count, eq, sum } from "drizzle-orm";
import type { z } from "zod";
import { plainRow } from "./plainRow.ts";
import type { accountDetail } from "./schemas/participants.ts";

export type AccountDetail = z.infer<typeof accountDetail>;

const { accounts, bonds, earnings, leases, offences, participants } = chain;
const { submissions, unbondings, withdrawals } = chain;

export async function readAccount(sql: Sql, address: string): Promise<AccountDetail> {
  const [met] = await sql.select().from(accounts).where(eq(accounts.address, address));
  if (met === undefined) throw new R3mesError({ code: "ACCOUNT_UNKNOWN", address });
  const [participant] = await sql
    .select()
    .from(participants)
    .where(eq(participants.owner, address));
  const operated = await sql
    .select({ owner: participants.owner })
    .from(participants)
    .where(eq(participants.operator, address));
  const bonded = await sql.select().from(bonds).where(eq(bonds.owner, address));
  const leaving = await sql
    .select()
    .from(unbondings)
    .where(eq(unbondings.owner, address))
    .orderBy(asc(unbondings.id));
  const earned = await sql.select().from(earnings).where(eq(earnings.owner, address));
  const [paid] = await sql
    .select({ amount: sum(withdrawals.amount) })
    .from(withdrawals)
    .where(eq(withdrawals.owner, address));
  const [leased] = await sql
    .select({ count: count() })
    .from(leases)
    .where(and(eq(leases.miner, address), eq(leases.status, "leased")));
  const handed = await sql
    .select({ status: submissions.status, count: count() })
    .from(submissions)
    .where(eq(submissions.miner, address))
    .groupBy(submissions.status);
  const [fined] = await sql
    .select({ count: count(), taken: sum(offences.taken) })
    .from(offences)
    .where(eq(offences.offender, address));
  const credited = earned.reduce((all, line) => all + line.credited, 0n);
  const withdrawn = BigInt(paid?.amount ?? 0);
  return {
    ...met,
    participant: participant ?? null,
    operatorOf: operated.map(({ owner }) => owner),
    bonds: bonded.map(plainRow),
    unbondings: leaving.map(plainRow),
    earnings: earned.map(plainRow),
    credited: String(credited),
    withdrawn: String(withdrawn),
    withdrawable: String(credited - withdrawn),
    openLeases: leased?.count ?? 0,
    submissionsByStatus: Object.fromEntries(handed.map((row) => [row.status, row.count])),
    offences: fined?.count ?? 0,
    taken: String(fined?.taken ?? 0),
  } as AccountDetail;
}
