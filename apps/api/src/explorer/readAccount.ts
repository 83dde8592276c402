/** An account with its bonds, work, pay and fines. */
import { chain } from "@r3mes/database";
import { and, asc, eq, type SQL, sql } from "drizzle-orm";
import {
  countOf,
  countsOf,
  fieldsOf,
  recordsReader,
  rowOf,
  rowsOf,
  select,
  sumOf,
  valuesOf,
} from "./writtenJson.ts";

const { accounts, bonds, earnings, leases, offences, participants } = chain;
const { submissions, unbondings, withdrawals } = chain;

const { address } = accounts;
const credited = sumOf(earnings.credited, eq(earnings.owner, address));
const withdrawn = sumOf(withdrawals.amount, eq(withdrawals.owner, address));
const isOpen = and(eq(leases.miner, address), eq(leases.status, "leased")) as SQL;

export const readAccount = recordsReader(["address"], ({ address: asked }) =>
  select({
    ...fieldsOf(accounts),
    participant: rowOf(
      select(fieldsOf(participants)).from(participants).where(eq(participants.owner, address)),
    ),
    operatorOf: valuesOf(participants.owner, eq(participants.operator, address)),
    bonds: rowsOf(
      select(fieldsOf(bonds)).from(bonds).where(eq(bonds.owner, address)).orderBy(asc(bonds.role)),
    ),
    unbondings: rowsOf(
      select(fieldsOf(unbondings))
        .from(unbondings)
        .where(eq(unbondings.owner, address))
        .orderBy(asc(unbondings.id)),
    ),
    earnings: rowsOf(
      select(fieldsOf(earnings))
        .from(earnings)
        .where(eq(earnings.owner, address))
        .orderBy(asc(earnings.role)),
    ),
    credited,
    withdrawn,
    withdrawable: sql`(${credited}::numeric - ${withdrawn}::numeric)::text`,
    openLeases: countOf(leases, isOpen),
    submissionsByStatus: countsOf(submissions.status, submissions, eq(submissions.miner, address)),
    offences: countOf(offences, eq(offences.offender, address)),
    taken: sumOf(offences.taken, eq(offences.offender, address)),
  })
    .from(accounts)
    .where(eq(address, asked)),
);
