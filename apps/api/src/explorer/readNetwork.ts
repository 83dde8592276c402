/**
 * The network at a glance, in a dozen sums over indexed columns. What is not known is null, never 0. A statement costs more than a sum
 * of its rows, so everything is asked for together.
 */
import { chain } from "@r3mes/database";
import { and, asc, desc, eq, isNotNull, isNull, notInArray, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { versionRecord } from "./records.ts";
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

const { adapters, attestations, audits, cases, chunks, cursor } = chain;
const { models, offences, pools, rounds, seats, submissions } = chain;

const versionsMax = 200;
const poolsMax = 20;
const listedMax = 100;

/** What the index added up as it wrote. */
const counted = (sum: PgColumn) => sql`coalesce(${sum}, 0)::text`;

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

const outcomes = countsOf(sql`coalesce(${cases.outcome}, 'open')`, cases);

/** Accepted chunks times the work of one, as their models' programs say. */
const verifiedWork = sql`(
  select coalesce(sum(counted * ${pools.localSteps} * (
    ${models.programs} -> ${pools.program} ->> 'work')::numeric), 0)::text
  from (
    select ${submissions.poolId} as pool, count(*) as counted from ${submissions}
    where ${submissions.status} in ('accepted', 'mature') group by ${submissions.poolId}
  ) as accepted
  inner join ${pools} on ${pools.id} = pool inner join ${models} on ${models.id} = ${pools.modelId})`;

export const readNetwork = recordsReader([], () =>
  select({
    indexedHeight: sql`coalesce(${cursor.height}, 0)`,
    indexedTimeMs: cursor.timeMs,
    blocks: sql`coalesce(${cursor.blocks}, 0)`,
    transactions: sql`coalesce(${cursor.transactions}, 0)`,
    accounts: sql`coalesce(${cursor.accounts}, 0)`,
    pools: lastPools,
    roundsInFlight,
    chunksByStatus: countsOf(chunks.status, chunks),
    auditsByPhase: countsOf(audits.phase, audits),
    verdicts: countsOf(seats.verdict, seats, isNotNull(seats.verdict)),
    casesByOutcome: sql`'{"open": 0}'::jsonb || ${outcomes}::jsonb`,
    openCases,
    revealedUpdates: countOf(submissions, isNotNull(submissions.updateRoot)),
    verifiedWork,
    money: rowOf(
      select({
        minted: counted(cursor.minted),
        credited: counted(cursor.credited),
        withdrawn: counted(cursor.withdrawn),
        taken: sumOf(offences.taken),
        burned: sumOf(offences.burned),
        budgets: sumOf(pools.budget),
        returned: sumOf(pools.returned),
      }).from(oneRow),
    ),
  })
    .from(oneRow)
    .leftJoin(cursor, sql`true`),
);
