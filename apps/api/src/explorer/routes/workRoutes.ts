/** Pools, rounds, chunks, submissions, audits. */
import { chain } from "@r3mes/database";
import { and, asc, desc, eq, type Placeholder, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { ApiServer } from "../../apiServer.ts";
import { addRead } from "../addRead.ts";
import { attestationsOf } from "../attestationsOf.ts";
import type { ExplorerDeps } from "../explorerDeps.ts";
import { historyOf } from "../historyOf.ts";
import { pageReader } from "../readPage.ts";
import { readSubmission } from "../readSubmission.ts";
import { auditRecord } from "../records.ts";
import { pageOf, pageQuery } from "../schemas/page.ts";
import {
  auditPhase,
  chunkStatus,
  queryCount,
  queryNumber,
  roundPhase,
  submissionStatus,
} from "../schemas/primitives.ts";
import {
  attestation,
  audit,
  chunk,
  chunkDetail,
  pool,
  poolDetail,
  round,
  roundDetail,
  submission,
  submissionDetail,
} from "../schemas/work.ts";
import { theOne } from "../theOne.ts";
import {
  countsOf,
  fieldsOf,
  recordsReader,
  rowOf,
  rowsOf,
  select,
  valuesOf,
} from "../writtenJson.ts";

const { adapters, attestations, audits, chunks, events, leases } = chain;
const { pools, rounds, seats, submissions } = chain;
const roundsMax = 200;

const readPools = pageReader({ table: pools, keys: [pools.id] });
const readRounds = pageReader({
  table: rounds,
  keys: [rounds.openHeight, rounds.poolId, rounds.number],
});
const readAttestations = pageReader({
  table: attestations,
  keys: [attestations.height, attestations.verifier],
});
const readChunks = pageReader({ table: chunks, keys: [chunks.leaseId] });
const readSubmissions = pageReader({ table: submissions, keys: [submissions.id] });
const readAudits = pageReader({
  table: audits,
  keys: [audits.drawHeight, audits.submissionId, audits.draw],
  record: auditRecord,
  conditions: {
    /** Those in which it has a seat. */
    verifier: (verifier: Placeholder) =>
      sql`exists (select 1 from ${seats} where ${seats.verifier} = ${verifier}
        and ${seats.submissionId} = ${audits.submissionId} and ${seats.draw} = ${audits.draw})`,
  },
});

const readPool = recordsReader(["id"], ({ id }) =>
  select({
    ...fieldsOf(pools),
    roundItems: rowsOf(
      select(fieldsOf(rounds))
        .from(rounds)
        .where(eq(rounds.poolId, pools.id))
        .orderBy(desc(rounds.number))
        .limit(roundsMax),
    ),
  })
    .from(pools)
    .where(eq(pools.id, id)),
);

const isInRound = and(eq(chunks.poolId, rounds.poolId), eq(chunks.round, rounds.number)) as SQL;
const readRound = recordsReader(["id", "number"], ({ id, number }) =>
  select({
    ...fieldsOf(rounds),
    chunksByStatus: countsOf(chunks.status, chunks, isInRound),
    attestations: attestationsOf(rounds.poolId, rounds.number),
    leftOut: valuesOf(
      submissions.id,
      and(
        eq(submissions.poolId, rounds.poolId),
        eq(submissions.round, rounds.number),
        submissions.leftOut,
      ) as SQL,
    ),
    /** The sum that made a version; null while there is none. */
    adopted: rowOf(
      select({ root: adapters.root, momentumRoot: adapters.momentumRoot })
        .from(adapters)
        .where(eq(adapters.id, rounds.resultAdapterId)),
    ),
    pool: rowOf(select(fieldsOf(pools)).from(pools).where(eq(pools.id, rounds.poolId))),
  })
    .from(rounds)
    .where(and(eq(rounds.poolId, id), eq(rounds.number, number))),
);

const isOfChunk = and(
  eq(leases.poolId, chunks.poolId),
  eq(leases.round, chunks.round),
  eq(leases.chunk, chunks.chunk),
);
const leased = select({ id: leases.id }).from(leases).where(isOfChunk);
const readChunk = recordsReader(["id", "number", "chunk"], ({ id, number, chunk: place }) =>
  select({
    ...fieldsOf(chunks),
    leaseItems: rowsOf(
      select(fieldsOf(leases)).from(leases).where(isOfChunk).orderBy(asc(leases.id)),
    ),
    submissions: rowsOf(
      select(fieldsOf(submissions))
        .from(submissions)
        .where(sql`${submissions.id} in (${leased})`)
        .orderBy(asc(submissions.id)),
    ),
    history: historyOf(sql`${events.submissionId} in (${leased})`),
  })
    .from(chunks)
    .where(and(eq(chunks.poolId, id), eq(chunks.round, number), eq(chunks.chunk, place))),
);

export function addWorkRoutes(server: ApiServer, deps: ExplorerDeps): void {
  addPoolRoutes(server, deps);
  addRoundRoutes(server, deps);
  addChunkRoutes(server, deps);
  addSubmissionRoutes(server, deps);
}

function addPoolRoutes(server: ApiServer, { database }: ExplorerDeps): void {
  addRead(
    server,
    "/pools",
    { summary: "Pools, the newest first", query: pageQuery, reply: pageOf(pool, "PoolPage") },
    ({ query }) => readPools(database.sql, query),
  );

  addRead(
    server,
    "/pools/:id",
    {
      summary: "A pool with its last rounds",
      params: z.object({ id: queryNumber }),
      reply: poolDetail,
    },
    async ({ params: { id } }) =>
      theOne(await readPool(database.sql, { id }), { code: "POOL_NOT_FOUND", id }),
  );
}

function addRoundRoutes(server: ApiServer, { database }: ExplorerDeps): void {
  const ofRound = z.object({ id: queryNumber, number: queryCount });

  addRead(
    server,
    "/rounds",
    {
      summary: "Rounds of all pools, or of one, the newest first",
      query: pageQuery.extend({
        poolId: queryNumber.optional(),
        phase: roundPhase.optional(),
      }),
      reply: pageOf(round, "RoundPage"),
    },
    ({ query }) => readRounds(database.sql, query),
  );

  addRead(
    server,
    "/pools/:id/rounds/:number",
    {
      summary: "A round with its chunks by status and its attestations",
      params: ofRound,
      reply: roundDetail,
    },
    async ({ params }) =>
      theOne(await readRound(database.sql, params), {
        code: "ROUND_NOT_FOUND",
        pool: params.id,
        round: params.number,
      }),
  );

  addRead(
    server,
    "/pools/:id/rounds/:number/attestations",
    {
      summary: "Who vouched for which sum of a round",
      params: ofRound,
      query: pageQuery,
      reply: pageOf(attestation, "AttestationPage"),
    },
    ({ params: { id, number }, query }) =>
      readAttestations(database.sql, { ...query, poolId: id, round: number }),
  );
}

function addChunkRoutes(server: ApiServer, { database }: ExplorerDeps): void {
  addRead(
    server,
    "/chunks",
    {
      summary: "Chunks that were leased at least once, the last lease first",
      query: pageQuery.extend({
        poolId: queryNumber.optional(),
        round: queryCount.optional(),
        status: chunkStatus.optional(),
        miner: z.string().max(64).optional(),
      }),
      reply: pageOf(chunk, "ChunkPage"),
    },
    ({ query }) => readChunks(database.sql, query),
  );

  addRead(
    server,
    "/pools/:id/rounds/:number/chunks/:chunk",
    {
      summary: "A chunk of a round with its whole history",
      params: z.object({ id: queryNumber, number: queryCount, chunk: queryNumber }),
      reply: chunkDetail,
    },
    async ({ params }) =>
      theOne(await readChunk(database.sql, params), {
        code: "CHUNK_NOT_FOUND",
        pool: params.id,
        round: params.number,
        chunk: params.chunk,
      }),
  );
}

function addSubmissionRoutes(server: ApiServer, { database }: ExplorerDeps): void {
  addRead(
    server,
    "/submissions",
    {
      summary: "Submissions, the newest first",
      query: pageQuery.extend({
        poolId: queryNumber.optional(),
        round: queryCount.optional(),
        status: submissionStatus.optional(),
        miner: z.string().max(64).optional(),
        adapterId: queryNumber.optional(),
      }),
      reply: pageOf(submission, "SubmissionPage"),
    },
    ({ query }) => readSubmissions(database.sql, query),
  );

  addRead(
    server,
    "/submissions/:id",
    {
      summary: "A submission from its lease to its pay",
      params: z.object({ id: queryNumber }),
      reply: submissionDetail,
    },
    async ({ params: { id } }) =>
      theOne(await readSubmission(database.sql, { id }), { code: "SUBMISSION_NOT_FOUND", id }),
  );

  addRead(
    server,
    "/audits",
    {
      summary: "Audits, the last draw first",
      query: pageQuery.extend({
        phase: auditPhase.optional(),
        miner: z.string().max(64).optional(),
        verifier: z.string().max(64).optional(),
      }),
      reply: pageOf(audit, "AuditPage"),
    },
    ({ query }) => readAudits(database.sql, query),
  );
}
