/** Accounts: who takes part, what they have earned and what they were fined. */
import { chain } from "@r3mes/database";
import { and, eq, gt, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { ApiServer } from "../../apiServer.ts";
import { addRead } from "../addRead.ts";
import type { ExplorerDeps } from "../explorerDeps.ts";
import { readAccount } from "../readAccount.ts";
import { pageReader } from "../readPage.ts";
import { creditRecord, offenceRecord } from "../records.ts";
import { pageOf, pageQuery } from "../schemas/page.ts";
import {
  accountDetail,
  bond,
  credit,
  earning,
  knownAccount,
  offence,
  rewardEpoch,
  withdrawal,
} from "../schemas/participants.ts";
import { queryNumber } from "../schemas/primitives.ts";
import { lease } from "../schemas/work.ts";
import { theOne } from "../theOne.ts";
import { fieldsOf, valuesOf } from "../writtenJson.ts";

const name = z.string().max(64);
const { accounts, bonds, credits, earnings, leases, offences, rewardEpochs, withdrawals } = chain;

const readAccounts = pageReader({
  table: accounts,
  keys: [accounts.firstHeight, accounts.address],
  record: {
    ...fieldsOf(accounts),
    roles: valuesOf(
      bonds.role,
      and(eq(bonds.owner, accounts.address), gt(bonds.amount, 0n)) as SQL,
    ),
  },
});
const readBonds = pageReader({
  table: bonds,
  keys: [bonds.role, bonds.owner],
  // A bond that was withdrawn or lost whole answers for nothing any more.
  where: gt(bonds.amount, 0n),
});
const readLeases = pageReader({ table: leases, keys: [leases.id] });
const readRewardEpochs = pageReader({ table: rewardEpochs, keys: [rewardEpochs.epoch] });
const readCredits = pageReader({
  table: credits,
  keys: [credits.height, credits.index],
  record: creditRecord,
});
const readEarnings = pageReader({
  table: earnings,
  keys: [earnings.credited, earnings.owner, earnings.role],
});
const readWithdrawals = pageReader({
  table: withdrawals,
  keys: [withdrawals.height, withdrawals.index],
});
const readOffences = pageReader({
  table: offences,
  keys: [offences.height, offences.index],
  record: offenceRecord,
});

export function addParticipantRoutes(server: ApiServer, deps: ExplorerDeps): void {
  addAccountRoutes(server, deps);
  addMoneyRoutes(server, deps);
}

function addAccountRoutes(server: ApiServer, { database: { sql } }: ExplorerDeps): void {
  addRead(
    server,
    "/accounts",
    {
      summary: "Addresses that the chain has named, the last met first",
      query: pageQuery,
      reply: pageOf(knownAccount, "AccountPage"),
    },
    ({ query }) => readAccounts(sql, query),
  );

  addRead(
    server,
    "/accounts/:address",
    {
      summary: "An account with its bonds, work, pay and fines",
      params: z.object({ address: name }),
      reply: accountDetail,
    },
    async ({ params: { address } }) =>
      theOne(await readAccount(sql, { address }), { code: "ACCOUNT_UNKNOWN", address }),
  );

  addRead(
    server,
    "/bonds",
    {
      summary: "What answers for the work of each participant, by role",
      query: pageQuery.extend({ role: bond.shape.role.optional() }),
      reply: pageOf(bond, "BondPage"),
    },
    ({ query }) => readBonds(sql, query),
  );

  addRead(
    server,
    "/leases",
    {
      summary: "Leases, the newest first",
      query: pageQuery.extend({
        miner: name.optional(),
        status: lease.shape.status.optional(),
      }),
      reply: pageOf(lease, "LeasePage"),
    },
    ({ query }) => readLeases(sql, query),
  );
}

function addMoneyRoutes(server: ApiServer, { database: { sql } }: ExplorerDeps): void {
  addRead(
    server,
    "/rewards/epochs",
    {
      summary: "What was minted for how much verified work, the newest epoch first",
      query: pageQuery,
      reply: pageOf(rewardEpoch, "RewardEpochPage"),
    },
    ({ query }) => readRewardEpochs(sql, query),
  );

  addRead(
    server,
    "/rewards/credits",
    {
      summary: "Pay line by line, the newest first",
      query: pageQuery.extend({
        owner: name.optional(),
        submissionId: queryNumber.optional(),
      }),
      reply: pageOf(credit, "RewardCreditPage"),
    },
    ({ query }) => readCredits(sql, query),
  );

  addRead(
    server,
    "/rewards/earnings",
    {
      summary: "What every party has earned in which role, the most first",
      query: pageQuery.extend({ owner: name.optional() }),
      reply: pageOf(earning, "EarningPage"),
    },
    ({ query }) => readEarnings(sql, query),
  );

  addRead(
    server,
    "/rewards/withdrawals",
    {
      summary: "What was paid out, the newest first",
      query: pageQuery.extend({ owner: name.optional() }),
      reply: pageOf(withdrawal, "WithdrawalPage"),
    },
    ({ query }) => readWithdrawals(sql, query),
  );

  addRead(
    server,
    "/offences",
    {
      summary: "Fines with what proves them, the newest first",
      query: pageQuery.extend({
        offender: name.optional(),
        fault: z.string().max(64).optional(),
      }),
      reply: pageOf(offence, "OffencePage"),
    },
    ({ query }) => readOffences(sql, query),
  );
}
