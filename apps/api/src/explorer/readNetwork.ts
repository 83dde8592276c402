/**
 * The network at a glance, in a dozen sums over indexed columns. What is not known is null, never 0. A statement costs more than a sum
 * of its rows, so the sums are asked for together.
 */
import { chain, statement } from "@r3mes/database";
import {
  asc,
  desc,
  eq,
  getTableColumns,
  isNotNull,
  isNull,
  notInArray,
  type SQL,
  sql as text,
} from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import type { z } from "zod";
import type { ExplorerDeps } from "./explorerDeps.ts";
import { plainRow } from "./plainRow.ts";
import type { network } from "./schemas/network.ts";

export type Network = z.infer<typeof network>;
type Version = Network["pools"][number]["adapters"][number];

const { accounts, adapters, attestations, audits, blocks, cases, chunks, cursor, earnings } = chain;
const { models, offences, pools, rewardEpochs, rounds, seats, submissions, transactions } = chain;
const { withdrawals } = chain;

const versionsMax = 200;
const poolsMax = 20;
const listedMax = 100;

export async function readNetwork({ database: { sql } }: ExplorerDeps): Promise<Network> {
  const [glance] = await readGlance(sql, {});
  const { indexedHeight, indexedTimeMs, verifiedWork, ...sums } = glance!;
  const { blocks: blockCount, transactions: sent, accounts: met, revealedUpdates, ...money } = sums;
  const inFlight = await readRoundsInFlight(sql, {});
  const open = await readOpenCases(sql, {});
  const found = await readPools(sql, {});
  const versions = Map.groupBy(await readVersions(sql, {}), ({ poolId }) => poolId);
  return {
    ...{ indexedHeight: indexedHeight ?? 0, indexedTimeMs },
    ...{ blocks: blockCount, transactions: sent, accounts: met, revealedUpdates },
    pools: found.map((pool) => ({
      ...pool,
      adapters: (versions.get(pool.id) ?? []).map(plainRow) as unknown as Version[],
    })),
    roundsInFlight: inFlight as Network["roundsInFlight"],
    ...wordsOf(await readWords(sql, {})),
    openCases: open as Network["openCases"],
    verifiedWork,
    money,
  };
}

const readRoundsInFlight = statement([], (sql) =>
  sql
    .select()
    .from(rounds)
    .where(notInArray(rounds.phase, ["complete", "carried_over"]))
    .orderBy(asc(rounds.openHeight))
    .limit(listedMax),
);

const readOpenCases = statement([], (sql) =>
  sql.select().from(cases).where(isNull(cases.outcome)).orderBy(desc(cases.id)).limit(listedMax),
);

const readPools = statement([], (sql) => {
  const { id, modelId, datasetId, round } = pools;
  return sql
    .select({ id, modelId, datasetId, round })
    .from(pools)
    .orderBy(desc(pools.id))
    .limit(poolsMax);
});

/** Of each pool the last ones, oldest first, with who trained and who vouched for them. */
const readVersions = statement([], (sql) => {
  const last = sql
    .select({ id: pools.id })
    .from(pools)
    .orderBy(desc(pools.id))
    .limit(poolsMax)
    .as("last");
  const versions = sql
    .select()
    .from(adapters)
    .where(eq(adapters.poolId, last.id))
    .orderBy(desc(adapters.id))
    .limit(versionsMax)
    .as("versions");
  const handed = text`select ${submissions.miner} as miner, count(*) as handed from ${submissions}
    where ${submissions.adapterId} = ${versions.id} group by ${submissions.miner}`;
  const vouched = text`select ${attestations.verifier} from ${attestations}
    where ${attestations.poolId} = ${versions.poolId} and ${attestations.round} = ${versions.round}
      and ${attestations.root} = ${versions.root}
      and ${attestations.momentumRoot} is not distinct from ${versions.momentumRoot}
    order by ${attestations.verifier}`;
  const columns = Object.keys(getTableColumns(adapters)) as (keyof typeof adapters.$inferSelect)[];
  const own = Object.fromEntries(columns.map((name) => [name, versions[name]]));
  return sql
    .select({
      ...(own as Pick<typeof versions, (typeof columns)[number]>),
      timeMs: blocks.timeMs,
      miners: text<Version["miners"]>`(select coalesce(json_agg(json_build_object(
        'miner', miner, 'submissions', handed) order by miner), '[]') from (${handed}) as handed)`,
      attesters: text<string[]>`array(${vouched})`,
    })
    .from(last)
    .innerJoinLateral(versions, text`true`)
    .innerJoin(blocks, eq(blocks.height, versions.height))
    .orderBy(asc(versions.id));
});

const countOf = (table: PgTable, where: SQL = text`true`) =>
  text`(select count(*) from ${table} where ${where})`.mapWith(Number);

const sumOf = (table: PgTable, column: PgColumn) =>
  text<string>`(select coalesce(sum(${column}), 0)::text from ${table})`;

/** Accepted chunks times the work of one, as their models' programs say. */
const workOfAll = text<string>`(
  select coalesce(sum(counted * ${pools.localSteps} * (
    ${models.programs} -> ${pools.program} ->> 'work')::numeric), 0)::text
  from (
    select ${submissions.poolId} as pool, count(*) as counted from ${submissions}
    where ${submissions.status} in ('accepted', 'mature') group by ${submissions.poolId}
  ) as accepted
  inner join ${pools} on ${pools.id} = pool inner join ${models} on ${models.id} = ${pools.modelId})`;

const readGlance = statement([], (sql) =>
  sql
    .select({
      indexedHeight: cursor.height,
      indexedTimeMs: cursor.timeMs,
      blocks: countOf(blocks),
      transactions: countOf(transactions),
      accounts: countOf(accounts),
      revealedUpdates: countOf(submissions, isNotNull(submissions.updateRoot)),
      verifiedWork: workOfAll,
      minted: sumOf(rewardEpochs, rewardEpochs.minted),
      credited: sumOf(earnings, earnings.credited),
      withdrawn: sumOf(withdrawals, withdrawals.amount),
      taken: sumOf(offences, offences.taken),
      burned: sumOf(offences, offences.burned),
      budgets: sumOf(pools, pools.budget),
      returned: sumOf(pools, pools.returned),
    })
    .from(text`(select 1) as one_row`)
    .leftJoin(cursor, text`true`),
);

/** How many rows have each word in a column; "null" is those that have none. */
const readWords = statement([], (sql) => {
  const wordsIn = (list: string, table: PgTable, column: PgColumn) =>
    text`select ${list} as list, coalesce(${column}, 'null') as word, count(*) as count
      from ${table} group by ${column}`;
  const columns = [
    wordsIn("chunks", chunks, chunks.status),
    wordsIn("audits", audits, audits.phase),
    wordsIn("verdicts", seats, seats.verdict),
    wordsIn("cases", cases, cases.outcome),
  ];
  return sql
    .select({
      list: text<string>`list`,
      word: text<string>`word`,
      count: text`count`.mapWith(Number),
    })
    .from(text`(${text.join(columns, text` union all `)}) as words`);
});

function wordsOf(rows: Awaited<ReturnType<typeof readWords>>) {
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
