/**
 * The network at a glance, in one statement. What is not known is null, never 0. What would take longer with every record was counted
 * when it was written, and stands in the cursor; the rest is the last of everything.
 */
import { chain } from "@r3mes/database";
import { and, asc, desc, eq, isNull, notInArray, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { versionRecord } from "./records.ts";
import { fieldsOf, recordsReader, rowOf, rowsOf, select, sumOf, valuesOf } from "./writtenJson.ts";

const { adapters, attestations, cases, cursor, models, pools, rounds, submissions } = chain;

const versionsMax = 200;
const poolsMax = 20;
const listedMax = 100;

/** What the index counted and added up as it wrote; nothing, before the first block. */
const counted = (column: PgColumn) => sql`coalesce(${column}, 0)`;
const summed = (column: PgColumn) => sql`coalesce(${column}, 0)::text`;
const tallied = (column: PgColumn) => sql`coalesce(${column}, '{}')`;

const oneRow = sql`(select) as one`;

/** Of a pool the last ones, oldest first, with who trained and who vouched for them. */
const lastVersions = rowsOf(
  select({
    ...versionRecord,
    miners: rowsOf(
      select({ miner: submissions.miner, submissions: sql`count(*)` })
        .from(submissions)
        .where(eq(submissions.adapterId, adapters.id))
        .groupBy(submissions.miner)
        .orderBy(asc(submissions.miner)),
    ),
    attesters: valuesOf(
      attestations.verifier,
      and(
        eq(attestations.poolId, adapters.poolId),
        eq(attestations.round, adapters.round),
        eq(attestations.root, adapters.root),
        sql`${attestations.momentumRoot} is not distinct from ${adapters.momentumRoot}`,
      ) as SQL,
    ),
  })
    .from(adapters)
    .where(eq(adapters.poolId, pools.id))
    .orderBy(desc(adapters.id))
    .limit(versionsMax),
  "id",
);

const lastPools = rowsOf(
  select({
    id: pools.id,
    modelId: pools.modelId,
    datasetId: pools.datasetId,
    round: pools.round,
    adapters: lastVersions,
  })
    .from(pools)
    .orderBy(desc(pools.id))
    .limit(poolsMax),
);

const roundsInFlight = rowsOf(
  select(fieldsOf(rounds))
    .from(rounds)
    .where(notInArray(rounds.phase, ["complete", "carried_over"]))
    .orderBy(asc(rounds.openHeight))
    .limit(listedMax),
);

const openCases = rowsOf(
  select(fieldsOf(cases))
    .from(cases)
    .where(isNull(cases.outcome))
    .orderBy(desc(cases.id))
    .limit(listedMax),
);

/** Accepted chunks times the work of one, as their models' programs say. */
const verifiedWork = sql`(
  select coalesce(sum(counted::numeric * ${pools.localSteps} * (
    ${models.programs} -> ${pools.program} ->> 'work')::numeric), 0)::text
  from jsonb_each_text(${cursor.accepted}) as accepted (pool, counted)
  inner join ${pools} on ${pools.id} = pool::bigint
  inner join ${models} on ${models.id} = ${pools.modelId})`;

export const readNetwork = recordsReader([], () =>
  select({
    indexedHeight: counted(cursor.height),
    indexedTimeMs: cursor.timeMs,
    blocks: counted(cursor.blocks),
    transactions: counted(cursor.transactions),
    accounts: counted(cursor.accounts),
    pools: lastPools,
    roundsInFlight,
    chunksByStatus: tallied(cursor.chunks),
    auditsByPhase: tallied(cursor.audits),
    verdicts: tallied(cursor.verdicts),
    casesByOutcome: sql`'{"open": 0}' || ${tallied(cursor.cases)}`,
    openCases,
    revealedUpdates: counted(cursor.revealed),
    verifiedWork,
    money: rowOf(
      select({
        minted: summed(cursor.minted),
        credited: summed(cursor.credited),
        withdrawn: summed(cursor.withdrawn),
        taken: summed(cursor.taken),
        burned: summed(cursor.burned),
        budgets: sumOf(pools.budget),
        returned: sumOf(pools.returned),
      }).from(oneRow),
    ),
  })
    .from(oneRow)
    .leftJoin(cursor, sql`true`),
);
