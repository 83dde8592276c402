/** Pools, rounds, chunks, submissions, audits. */
import { chain, type Sql, statement } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import { and, asc, count, eq, sql as text } from "drizzle-orm";
import { z } from "zod";
import type { ApiServer } from "../../apiServer.ts";
import { attestationsOf } from "../attestationsOf.ts";
import type { ExplorerDeps } from "../explorerDeps.ts";
import { findPool } from "../findPool.ts";
import { plainRow } from "../plainRow.ts";
import { readAudits } from "../readAudits.ts";
import { readHistory } from "../readHistory.ts";
import { pageReader } from "../readPage.ts";
import { readSubmission } from "../readSubmission.ts";
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

const tags = ["explorer"];
const { adapters, pools, rounds, chunks, leases, attestations, submissions } = chain;

const readPools = pageReader({ table: pools, keys: [pools.id] });
const readRoundsOfPool = pageReader({ table: rounds, keys: [rounds.number] });
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

export function addWorkRoutes(server: ApiServer, deps: ExplorerDeps): void {
  addPoolRoutes(server, deps);
  addRoundRoutes(server, deps);
  addChunkRoutes(server, deps);
  addSubmissionRoutes(server, deps);
}

function addPoolRoutes(server: ApiServer, { database: { sql } }: ExplorerDeps): void {
  server.get(
    "/pools",
    {
      schema: {
        tags,
        summary: "Pools, the newest first",
        querystring: pageQuery,
        response: { 200: pageOf(pool, "PoolPage") },
      },
    },
    ({ query }) => readPools(sql, query) as never,
  );

  server.get(
    "/pools/:id",
    {
      schema: {
        tags,
        summary: "A pool with its last rounds",
        params: z.object({ id: queryNumber }),
        response: { 200: poolDetail },
      },
    },
    async ({ params: { id } }) => {
      const found = await findPool(sql, id);
      const last = await readRoundsOfPool(sql, { limit: 200 }, { poolId: id });
      return { ...found, roundItems: last.items } as z.infer<typeof poolDetail>;
    },
  );
}

function addRoundRoutes(server: ApiServer, { database: { sql } }: ExplorerDeps): void {
  const ofRound = z.object({ id: queryNumber, number: queryCount });

  server.get(
    "/rounds",
    {
      schema: {
        tags,
        summary: "Rounds of all pools, or of one, the newest first",
        querystring: pageQuery.extend({
          poolId: queryNumber.optional(),
          phase: roundPhase.optional(),
        }),
        response: { 200: pageOf(round, "RoundPage") },
      },
    },
    ({ query: { cursor, limit, ...values } }) =>
      readRounds(sql, { cursor, limit }, values) as never,
  );

  server.get(
    "/pools/:id/rounds/:number",
    {
      schema: {
        tags,
        summary: "A round with its chunks by status and its attestations",
        params: ofRound,
        response: { 200: roundDetail },
      },
    },
    async ({ params: { id, number: place } }) => {
      const [found] = await findRound(sql, { id, place });
      if (found === undefined) {
        throw new R3mesError({ code: "ROUND_NOT_FOUND", pool: id, round: place });
      }
      const counted = await countChunks(sql, { id, place });
      const attested = await attestationsOf(sql, { poolId: id, round: place });
      return {
        ...found,
        chunksByStatus: Object.fromEntries(counted.map((row) => [row.status, row.count])),
        attestations: attested.map(plainRow),
        adopted: await adoptedSum(sql, found.resultAdapterId),
        pool: await findPool(sql, id),
      } as z.infer<typeof roundDetail>;
    },
  );

  server.get(
    "/pools/:id/rounds/:number/attestations",
    {
      schema: {
        tags,
        summary: "Who vouched for which sum of a round",
        params: ofRound,
        querystring: pageQuery,
        response: { 200: pageOf(attestation, "AttestationPage") },
      },
    },
    ({ params: { id, number: place }, query }) =>
      readAttestations(sql, query, { poolId: id, round: place }),
  );
}

/** The sum that made a version; null while there is none. */
async function adoptedSum(sql: Sql, adapterId: number | null) {
  if (adapterId === null) return null;
  const [sum] = await findSum(sql, { adapterId });
  return sum ?? null;
}

const findRound = statement(["id", "place"], (sql, at) =>
  sql
    .select()
    .from(rounds)
    .where(and(eq(rounds.poolId, at.id), eq(rounds.number, at.place))),
);

const countChunks = statement(["id", "place"], (sql, at) =>
  sql
    .select({ status: chunks.status, count: count() })
    .from(chunks)
    .where(and(eq(chunks.poolId, at.id), eq(chunks.round, at.place)))
    .groupBy(chunks.status),
);

const findSum = statement(["adapterId"], (sql, at) =>
  sql
    .select({ root: adapters.root, momentumRoot: adapters.momentumRoot })
    .from(adapters)
    .where(eq(adapters.id, at.adapterId)),
);

function addChunkRoutes(server: ApiServer, { database: { sql } }: ExplorerDeps): void {
  const filter = z.object({
    poolId: queryNumber.optional(),
    round: queryCount.optional(),
    status: chunkStatus.optional(),
    miner: z.string().max(64).optional(),
  });

  server.get(
    "/chunks",
    {
      schema: {
        tags,
        summary: "Chunks that were leased at least once, the last lease first",
        querystring: pageQuery.extend(filter.shape),
        response: { 200: pageOf(chunk, "ChunkPage") },
      },
    },
    ({ query: { cursor, limit, ...values } }) =>
      readChunks(sql, { cursor, limit }, values) as never,
  );

  server.get(
    "/pools/:id/rounds/:number/chunks/:chunk",
    {
      schema: {
        tags,
        summary: "A chunk of a round with its whole history",
        params: z.object({ id: queryNumber, number: queryCount, chunk: queryNumber }),
        response: { 200: chunkDetail },
      },
    },
    async ({ params }) => {
      const { id: poolId, number: round_, chunk: place } = params;
      const at = { poolId, round: round_, chunk: place };
      const [found] = await findChunk(sql, at);
      if (found === undefined) {
        throw new R3mesError({
          code: "CHUNK_NOT_FOUND",
          pool: poolId,
          round: round_,
          chunk: place,
        });
      }
      const leased = await leasesOf(sql, at);
      const ids = leased.map(({ id }) => id);
      const handed = await submissionsOf(sql, { ids });
      return {
        ...found,
        leaseItems: leased,
        submissions: handed.map(plainRow),
        history: await readHistory(sql, { submissionIds: ids }),
      } as z.infer<typeof chunkDetail>;
    },
  );
}

const placeOfChunk = ["poolId", "round", "chunk"] as const;

const findChunk = statement(placeOfChunk, (sql, { poolId, round: number, chunk: place }) =>
  sql
    .select()
    .from(chunks)
    .where(and(eq(chunks.poolId, poolId), eq(chunks.round, number), eq(chunks.chunk, place))),
);

const leasesOf = statement(placeOfChunk, (sql, { poolId, round: number, chunk: place }) =>
  sql
    .select()
    .from(leases)
    .where(and(eq(leases.poolId, poolId), eq(leases.round, number), eq(leases.chunk, place)))
    .orderBy(asc(leases.id)),
);

const submissionsOf = statement(["ids"], (sql, { ids }) =>
  sql
    .select()
    .from(submissions)
    .where(text`${submissions.id} = any(${ids})`)
    .orderBy(asc(submissions.id)),
);

function addSubmissionRoutes(server: ApiServer, { database: { sql } }: ExplorerDeps): void {
  const filter = z.object({
    poolId: queryNumber.optional(),
    round: queryCount.optional(),
    status: submissionStatus.optional(),
    miner: z.string().max(64).optional(),
    adapterId: queryNumber.optional(),
  });

  server.get(
    "/submissions",
    {
      schema: {
        tags,
        summary: "Submissions, the newest first",
        querystring: pageQuery.extend(filter.shape),
        response: { 200: pageOf(submission, "SubmissionPage") },
      },
    },
    ({ query: { cursor, limit, ...values } }) =>
      readSubmissions(sql, { cursor, limit }, values) as never,
  );

  server.get(
    "/submissions/:id",
    {
      schema: {
        tags,
        summary: "A submission from its lease to its pay",
        params: z.object({ id: queryNumber }),
        response: { 200: submissionDetail },
      },
    },
    ({ params: { id } }) => readSubmission(sql, id),
  );

  server.get(
    "/audits",
    {
      schema: {
        tags,
        summary: "Audits, the last draw first",
        querystring: pageQuery.extend({
          phase: auditPhase.optional(),
          miner: z.string().max(64).optional(),
          verifier: z.string().max(64).optional(),
        }),
        response: { 200: pageOf(audit, "AuditPage") },
      },
    },
    ({ query: { cursor, limit, ...values } }) =>
      readAudits(sql, { cursor, limit }, values) as never,
  );
}
