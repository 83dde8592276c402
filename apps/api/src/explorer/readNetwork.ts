/** The network at a glance, in a dozen sums over indexed columns. What is not known is null, never 0. */
import { chain, type Sql } from "@r3mes/database";
import { asc, count, desc, eq, inArray, isNotNull, isNull, notInArray, sum } from "drizzle-orm";
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
  const { null: openCases = 0, ...closed } = await counted(sql, cases, cases.outcome);
  const { null: _, ...verdicts } = await counted(sql, seats, seats.verdict);
  return {
    indexedHeight: at?.height ?? 0,
    indexedTimeMs: at?.timeMs ?? null,
    blocks: await countOf(sql, blocks),
    transactions: await countOf(sql, transactions),
    accounts: await countOf(sql, accounts),
    pools: await readPools(sql),
    roundsInFlight: inFlight as Network["roundsInFlight"],
    chunksByStatus: await counted(sql, chunks, chunks.status),
    auditsByPhase: await counted(sql, audits, audits.phase),
    verdicts,
    casesByOutcome: { ...closed, open: openCases },
    openCases: open as Network["openCases"],
    revealedUpdates: await revealed(sql),
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
  return {
    minted: await sumOf(sql, rewardEpochs, rewardEpochs.minted),
    credited: await sumOf(sql, earnings, earnings.credited),
    withdrawn: await sumOf(sql, withdrawals, withdrawals.amount),
    taken: await sumOf(sql, offences, offences.taken),
    burned: await sumOf(sql, offences, offences.burned),
    budgets: await sumOf(sql, pools, pools.budget),
    returned: await sumOf(sql, pools, pools.returned),
  };
}

async function revealed(sql: Sql): Promise<number> {
  const [row] = await sql
    .select({ count: count() })
    .from(submissions)
    .where(isNotNull(submissions.updateRoot));
  return row?.count ?? 0;
}

async function countOf(sql: Sql, table: PgTable): Promise<number> {
  const [row] = await sql.select({ count: count() }).from(table);
  return row?.count ?? 0;
}

async function sumOf(sql: Sql, table: PgTable, column: PgColumn): Promise<string> {
  const [row] = await sql.select({ sum: sum(column) }).from(table);
  return row?.sum ?? "0";
}

async function counted(
  sql: Sql,
  table: PgTable,
  column: PgColumn,
): Promise<Record<string, number>> {
  const rows = await sql.select({ word: column, count: count() }).from(table).groupBy(column);
  return Object.fromEntries(rows.map((row) => [String(row.word), row.count]));
}
