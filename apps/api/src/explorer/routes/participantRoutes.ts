/** Accounts: who takes part, what they have earned and what they were fined. */
import { chain } from "@r3mes/database";
import { gt } from "drizzle-orm";
import { z } from "zod";
import type { ApiServer } from "../../apiServer.ts";
import type { ExplorerDeps } from "../explorerDeps.ts";
import { readAccount } from "../readAccount.ts";
import { pageReader, timedPageReader } from "../readPage.ts";
import { pageOf, pageQuery } from "../schemas/page.ts";
import {
  account,
  accountDetail,
  bond,
  credit,
  earning,
  offence,
  rewardEpoch,
  withdrawal,
} from "../schemas/participants.ts";
import { queryNumber } from "../schemas/primitives.ts";
import { lease } from "../schemas/work.ts";

const tags = ["explorer"];
const name = z.string().max(64);
const { accounts, bonds, credits, earnings, leases, offences, rewardEpochs, withdrawals } = chain;

const readAccounts = pageReader({
  table: accounts,
  keys: [accounts.firstHeight, accounts.address],
});
const readBonds = pageReader({
  table: bonds,
  keys: [bonds.role, bonds.owner],
  // A bond that was withdrawn or lost whole answers for nothing any more.
  where: gt(bonds.amount, 0n),
});
const readLeases = pageReader({ table: leases, keys: [leases.id] });
const readRewardEpochs = pageReader({ table: rewardEpochs, keys: [rewardEpochs.epoch] });
const readCredits = timedPageReader({
  table: credits,
  keys: [credits.height, credits.index],
  at: credits.height,
});
const readEarnings = pageReader({ table: earnings, keys: [earnings.owner, earnings.role] });
const readWithdrawals = pageReader({
  table: withdrawals,
  keys: [withdrawals.height, withdrawals.index],
});
const readOffences = timedPageReader({
  table: offences,
  keys: [offences.height, offences.index],
  at: offences.height,
});

export function addParticipantRoutes(server: ApiServer, deps: ExplorerDeps): void {
  addAccountRoutes(server, deps);
  addMoneyRoutes(server, deps);
}

function addAccountRoutes(server: ApiServer, { database: { sql } }: ExplorerDeps): void {
  server.get(
    "/accounts",
    {
      schema: {
        tags,
        summary: "Addresses that the chain has named, the last met first",
        querystring: pageQuery,
        response: { 200: pageOf(account, "AccountPage") },
      },
    },
    ({ query }) => readAccounts(sql, query),
  );

  server.get(
    "/accounts/:address",
    {
      schema: {
        tags,
        summary: "An account with its bonds, work, pay and fines",
        params: z.object({ address: name }),
        response: { 200: accountDetail },
      },
    },
    ({ params: { address } }) => readAccount(sql, address),
  );

  server.get(
    "/bonds",
    {
      schema: {
        tags,
        summary: "What answers for the work of each participant, by role",
        querystring: pageQuery.extend({ role: bond.shape.role.optional() }),
        response: { 200: pageOf(bond, "BondPage") },
      },
    },
    ({ query: { cursor, limit, ...values } }) => readBonds(sql, { cursor, limit }, values) as never,
  );

  server.get(
    "/leases",
    {
      schema: {
        tags,
        summary: "Leases, the newest first",
        querystring: pageQuery.extend({
          miner: name.optional(),
          status: lease.shape.status.optional(),
        }),
        response: { 200: pageOf(lease, "LeasePage") },
      },
    },
    ({ query: { cursor, limit, ...values } }) =>
      readLeases(sql, { cursor, limit }, values) as never,
  );
}

function addMoneyRoutes(server: ApiServer, deps: ExplorerDeps): void {
  addRewardRoutes(server, deps);
  addFineRoutes(server, deps);
}

function addRewardRoutes(server: ApiServer, { database: { sql } }: ExplorerDeps): void {
  server.get(
    "/rewards/epochs",
    {
      schema: {
        tags,
        summary: "What was minted for how much verified work, the newest epoch first",
        querystring: pageQuery,
        response: { 200: pageOf(rewardEpoch, "RewardEpochPage") },
      },
    },
    ({ query }) => readRewardEpochs(sql, query),
  );

  server.get(
    "/rewards/credits",
    {
      schema: {
        tags,
        summary: "Pay line by line, the newest first",
        querystring: pageQuery.extend({
          owner: name.optional(),
          submissionId: queryNumber.optional(),
        }),
        response: { 200: pageOf(credit, "RewardCreditPage") },
      },
    },
    ({ query: { cursor, limit, ...values } }) =>
      readCredits(sql, { cursor, limit }, values) as never,
  );

  server.get(
    "/rewards/earnings",
    {
      schema: {
        tags,
        summary: "What every party has earned in which role",
        querystring: pageQuery.extend({ owner: name.optional() }),
        response: { 200: pageOf(earning, "EarningPage") },
      },
    },
    ({ query: { cursor, limit, ...values } }) =>
      readEarnings(sql, { cursor, limit }, values) as never,
  );

  server.get(
    "/rewards/withdrawals",
    {
      schema: {
        tags,
        summary: "What was paid out, the newest first",
        querystring: pageQuery.extend({ owner: name.optional() }),
        response: { 200: pageOf(withdrawal, "WithdrawalPage") },
      },
    },
    ({ query: { cursor, limit, ...values } }) => readWithdrawals(sql, { cursor, limit }, values),
  );
}

function addFineRoutes(server: ApiServer, { database: { sql } }: ExplorerDeps): void {
  server.get(
    "/offences",
    {
      schema: {
        tags,
        summary: "Fines with what proves them, the newest first",
        querystring: pageQuery.extend({
          offender: name.optional(),
          fault: z.string().max(64).optional(),
        }),
        response: { 200: pageOf(offence, "OffencePage") },
      },
    },
    ({ query: { cursor, limit, ...values } }) =>
      readOffences(sql, { cursor, limit }, values) as never,
  );
}
