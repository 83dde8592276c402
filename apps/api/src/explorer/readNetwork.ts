/**
 * The network at a glance, in a dozen sums over indexed columns. What is not known is null, never 0. A statement costs more than a sum
 * of its rows, so the sums are asked for together.
 */
import { chain, type Sql } from "@r3mes/database";
import {
  asc,
  count,
  desc,
  eq,
  inArray,
  isNotNull,
  isNull,
  notInArray,
  type SQL,
  sql as text,
} from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import type { z } from "zod";
import type { ExplorerDeps } from "./explorerDeps.ts";
import { readContributors } from "./readContributors.ts";
import { readTimedPage } from "./readPage.ts";
import type { network } from "./schemas/network.ts";

export type Network = z.infer<typeof network>;

const { accounts, adapters, attestations, audits, blocks, cases, chunks, cursor, earnings } = chain;
const { models, offences, pools, rewardEpochs, rounds, seats, submissions, transactions } = chain;
const { withdrawals } = chain;

const versionsMax = 200;
const poolsMax = 20;

export async function readNetwork({ database: { sql } }: ExplorerDeps): Promise<Network> {
  const [at] = await sql.select().from(cursor);
  const inFlight = await sql
    .select()
    .from(rounds)
    .where(notInArray(rounds.phase, ["complete", "carried_over"]))
    .orderBy(asc(rounds.openHeight))
    .limit(100);
  const open = await sql
    .select()
    .from(cases)
    .where(isNull(cases.outcome))
    .orderBy(desc(cases.id))
    .limit(100);
  return {
    indexedHeight: at?.height ?? 0,
    indexedTimeMs: at?.timeMs ?? null,
    ...(await readCounts(sql)),
    pools: await readPools(sql),
    roundsInFlight: inFlight as Network["roundsInFlight"],
    ...(await readWords(sql)),
    openCases: open as Network["openCases"],
    verifiedWork: await verifiedWork(sql),
    money: await readMoney(sql),
  };
}

async function readPools(sql: Sql): Promise<Network["pools"]> {
  const found = await sql.select().from(pools).orderBy(desc(pools.id)).limit(poolsMax);
  return Promise.all(
    found.map(async ({ id, modelId, datasetId, round }) => ({
      id,
      modelId,
      datasetId,
      round,
      adapters: await readVersions(sql, id),
    })),
  );
}

async function readVersions(
  sql: Sql,
  poolId: number,
): Promise<Network["pools"][number]["adapters"]> {
  const { items } = await readTimedPage(
    sql,
    { limit: versionsMax },
    {
      table: adapters,
      keys: [adapters.id],
      where: eq(adapters.poolId, poolId),
      at: adapters.height,
    },
  );
  const trained = await readContributors(
    sql,
    items.map(({ id }) => id),
  );
  const { round, verifier, root, momentumRoot } = attestations;
  const vouched = await sql
    .select({ round, verifier, root, momentumRoot })
    .from(attestations)
    .where(eq(attestations.poolId, poolId))
    .orderBy(asc(attestations.verifier));
  return items.reverse().map((version) => ({
    ...(version as Omit<Network["pools"][number]["adapters"][number], "miners" | "attesters">),
    miners: trained
      .filter(({ adapterId }) => adapterId === version.id)
      .map(({ miner, submissions: handed }) => ({ miner, submissions: handed })),
    attesters: vouched
      .filter(
        (word) =>
          word.round === version.round &&
          word.root === version.root &&
          word.momentumRoot === version.momentumRoot,
      )
      .map((word) => word.verifier),
  }));
}

/** Accepted chunks times the work of one, as their models' programs say. */
async function verifiedWork(sql: Sql): Promise<string> {
  const accepted = await sql
    .select({ poolId: submissions.poolId, count: count() })
    .from(submissions)
    .where(inArray(submissions.status, ["accepted", "mature"]))
    .groupBy(submissions.poolId);
  let work = 0n;
  for (const { poolId, count: chunksOfPool } of accepted) {
    const [row] = await sql
      .select({ programs: models.programs, program: pools.program, steps: pools.localSteps })
      .from(pools)
      .innerJoin(models, eq(models.id, pools.modelId))
      .where(eq(pools.id, poolId));
    const programs = (row?.programs ?? []) as readonly { readonly work: string }[];
    const perStep = BigInt(programs[row?.program ?? 0]?.work ?? 0);
    work += perStep * BigInt(row?.steps ?? 0) * BigInt(chunksOfPool);
  }
  return String(work);
}

async function readMoney(sql: Sql): Promise<Network["money"]> {
  const sumOf = (table: PgTable, column: PgColumn) =>
    text<string>`(select coalesce(sum(${column}), 0)::text from ${table})`;
  const [money] = await sql
    .select({
      minted: sumOf(rewardEpochs, rewardEpochs.minted),
      credited: sumOf(earnings, earnings.credited),
      withdrawn: sumOf(withdrawals, withdrawals.amount),
      taken: sumOf(offences, offences.taken),
      burned: sumOf(offences, offences.burned),
      budgets: sumOf(pools, pools.budget),
      returned: sumOf(pools, pools.returned),
    })
    .from(oneRow);
  return money!;
}

async function readCounts(sql: Sql) {
  const countOf = (table: PgTable, where: SQL = text`true`) =>
    text`(select count(*) from ${table} where ${where})`.mapWith(Number);
  const [counts] = await sql
    .select({
      blocks: countOf(blocks),
      transactions: countOf(transactions),
      accounts: countOf(accounts),
      revealedUpdates: countOf(submissions, isNotNull(submissions.updateRoot)),
    })
    .from(oneRow);
  return counts!;
}

/** How many rows have each word in a column; "null" is those that have none. */
async function readWords(sql: Sql) {
  const wordsOf = (list: string, table: PgTable, column: PgColumn) =>
    text`select ${list} as list, coalesce(${column}, 'null') as word, count(*) as count
      from ${table} group by ${column}`;
  const columns = [
    wordsOf("chunks", chunks, chunks.status),
    wordsOf("audits", audits, audits.phase),
    wordsOf("verdicts", seats, seats.verdict),
    wordsOf("cases", cases, cases.outcome),
  ];
  const rows = await sql
    .select({
      list: text<string>`list`,
      word: text<string>`word`,
      count: text`count`.mapWith(Number),
    })
    .from(text`(${text.join(columns, text` union all `)}) as words`);
  const of = (wanted: string): Record<string, number> =>
    Object.fromEntries(
      rows.filter(({ list }) => list === wanted).map(({ word, count: found }) => [word, found]),
    );
  const { null: open = 0, ...closed } = of("cases");
  const { null: _, ...verdicts } = of("verdicts");
  return {
    chunksByStatus: of("chunks"),
    auditsByPhase: of("audits"),
    verdicts,
    casesByOutcome: { ...closed, open },
  };
}

/** What values that stand for themselves are selected from. */
const oneRow = text`(select 1) as one_row`;
