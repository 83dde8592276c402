/** Pools, rounds, chunks, submissions, audits. */
import { chain, type Sql } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import { and, asc, count, eq, or } from "drizzle-orm";
import { z } from "zod";
import type { ApiServer } from "../../apiServer.ts";
import type { ExplorerDeps } from "../explorerDeps.ts";
import { findPool } from "../findPool.ts";
import { fitting } from "../fitting.ts";
import { plainRow } from "../plainRow.ts";
import { readAudits } from "../readAudits.ts";
import { readHistory } from "../readHistory.ts";
import { readPage } from "../readPage.ts";
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
const { adapters, pools, rounds, chunks, leases, attestations, submissions, audits } = chain;

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
    ({ query }) => readPage(sql, query, { table: pools, keys: [pools.id] }) as never,
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
      const last = await readPage(
        sql,
        { limit: 200 },
        {
          table: rounds,
          keys: [rounds.number],
          where: eq(rounds.poolId, id),
        },
      );
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
    ({ query: { poolId, phase, ...page } }) =>
      readPage(sql, page, {
        table: rounds,
        keys: [rounds.openHeight, rounds.poolId, rounds.number],
        where: fitting(rounds, { poolId, phase }),
      }) as never,
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
      const isIt = and(eq(rounds.poolId, id), eq(rounds.number, place));
      const [found] = await sql.select().from(rounds).where(isIt);
      if (found === undefined) {
        throw new R3mesError({ code: "ROUND_NOT_FOUND", pool: id, round: place });
      }
      const counted = await sql
        .select({ status: chunks.status, count: count() })
        .from(chunks)
        .where(and(eq(chunks.poolId, id), eq(chunks.round, place)))
        .groupBy(chunks.status);
      const attested = await sql
        .select()
        .from(attestations)
        .where(and(eq(attestations.poolId, id), eq(attestations.round, place)))
        .orderBy(asc(attestations.height), asc(attestations.verifier));
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
      readPage(sql, query, {
        table: attestations,
        keys: [attestations.height, attestations.verifier],
        where: and(eq(attestations.poolId, id), eq(attestations.round, place)),
      }),
  );
}

/** The sum that made a version; null while there is none. */
async function adoptedSum(sql: Sql, adapterId: number | null) {
  if (adapterId === null) return null;
  const { root, momentumRoot } = adapters;
  const [sum] = await sql
    .select({ root, momentumRoot })
    .from(adapters)
    .where(eq(adapters.id, adapterId));
  return sum ?? null;
}

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
      readPage(
        sql,
        { cursor, limit },
        {
          table: chunks,
          keys: [chunks.leaseId],
          where: fitting(chunks, values),
        },
      ) as never,
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
      const place = { poolId: params.id, round: params.number, chunk: params.chunk };
      const [found] = await sql.select().from(chunks).where(fitting(chunks, place));
      if (found === undefined) {
        const { id: poolId, number: in_, chunk: which } = params;
        throw new R3mesError({ code: "CHUNK_NOT_FOUND", pool: poolId, round: in_, chunk: which });
      }
      const leased = await sql
        .select()
        .from(leases)
        .where(fitting(leases, place))
        .orderBy(asc(leases.id));
      const ids = leased.map(({ id }) => id);
      const isOne = or(...ids.map((id) => eq(submissions.id, id)));
      const handed = await sql.select().from(submissions).where(isOne).orderBy(asc(submissions.id));
      return {
        ...found,
        leaseItems: leased,
        submissions: handed.map(plainRow),
        history: await readHistory(sql, { submissionIds: ids }),
      } as z.infer<typeof chunkDetail>;
    },
  );
}

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
      readPage(
        sql,
        { cursor, limit },
        {
          table: submissions,
          keys: [submissions.id],
          where: fitting(submissions, values),
        },
      ) as never,
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
    ({ query: { phase, miner, verifier, ...page } }) =>
      readAudits(sql, page, fitting(audits, { phase, miner }), verifier) as never,
  );
}
