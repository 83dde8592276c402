/**
 * Content by its address, and what a visitor needs to run a drawn step again. Every byte is hashed by the store before it is sent, and
 * an address names its bytes for ever, so replies may be kept for ever too.
 */
import { create, toBinary } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { type ChainRpc, queryAdapterCid, queryTransport } from "@r3mes/chain-client";
import { chain } from "@r3mes/database";
import { recordsOfPool } from "@r3mes/participant";
import { fromHex, R3mesError, toHex } from "@r3mes/protocol";
import {
  DatasetSchema,
  ModelSchema,
  PoolSchema,
  Query,
  RoundSchema,
  SubmissionSchema,
} from "@r3mes/protocol/messages";
import { contentIdToBytes, parseContentId } from "@r3mes/storage";
import { desc, eq } from "drizzle-orm";
import { z } from "zod";
import type { ApiServer } from "../../apiServer.ts";
import { createContentFacts } from "../createContentFacts.ts";
import type { ExplorerDeps } from "../explorerDeps.ts";
import { readMeasures } from "../readMeasures.ts";
import { measures } from "../schemas/network.ts";
import { cid, hash, number } from "../schemas/primitives.ts";

const tags = ["explorer"];
const byCid = z.object({ cid: z.string().max(128) });
const forEver = "public, max-age=31536000, immutable";
/** A reply is held in memory while it is sent; what is larger is fetched from the store's own network. */
const contentBytesMax = 256 << 20;
const fetchMs = 20_000;

const inputs = z
  .object({
    pool: hash.describe("The record as the chain encodes it, in hexadecimal."),
    model: hash,
    dataset: hash,
    round: hash,
    submission: hash.describe("With the opening of its last audit."),
    adapterCid: hash.describe(
      "The 36 bytes of the address of the adapter that the round starts from.",
    ),
  })
  .meta({ id: "ReplayInputs" });

const entries = z
  .object({ entries: z.array(z.object({ name: z.string(), cid })) })
  .meta({ id: "FolderEntries" });

export function addContentRoutes(server: ApiServer, deps: ExplorerDeps): void {
  const facts = createContentFacts({ waitMs: 2_000, factsMax: 10_000 });
  server.get(
    "/content/:cid",
    {
      schema: {
        tags,
        summary: "The bytes of content",
        params: byCid,
        produces: ["application/octet-stream"],
        response: { 200: z.string().meta({ format: "binary" }) },
      },
    },
    async ({ params }, reply) => {
      const id = parseContentId(params.cid);
      const options = { bytesMax: contentBytesMax, signal: AbortSignal.timeout(fetchMs) };
      const bytes = await store(deps, params.cid).get(id, options);
      reply.header("cache-control", forEver).type("application/octet-stream");
      // Fastify sends a buffer as it is, whatever the schema says of text.
      return reply.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as never);
    },
  );

  server.get(
    "/content/:cid/entries",
    {
      schema: {
        tags,
        summary: "The files of a folder",
        params: byCid,
        response: { 200: entries },
      },
    },
    async ({ params }, reply) => {
      const id = parseContentId(params.cid);
      const folder = await store(deps, params.cid).openFolder(id, AbortSignal.timeout(fetchMs));
      reply.header("cache-control", forEver);
      return { entries: [...folder].map(([name, address]) => ({ name, cid: address })) };
    },
  );

  server.get(
    "/pools/:id/measures",
    {
      schema: {
        tags,
        summary: "Figures of a pool that follow from content: sample size, bytes sent",
        params: z.object({ id: z.coerce.number().pipe(number) }),
        response: { 200: measures },
      },
    },
    ({ params }) => readMeasures(deps, params.id, facts),
  );

  server.get(
    "/submissions/:id/inputs",
    {
      schema: {
        tags,
        summary: "The records from which the drawn step of a submission can be run again",
        params: z.object({ id: z.coerce.number().pipe(number) }),
        response: { 200: inputs },
      },
    },
    ({ params }) => readInputs(deps, params.id),
  );
}

function store({ content }: ExplorerDeps, address: string) {
  if (content === undefined) throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: address });
  return content;
}

/** The node keeps pools, rounds, models and datasets; submissions it forgets, so that record is put together from the index. */
async function readInputs({ database, rpc }: ExplorerDeps, id: number) {
  if (rpc === undefined)
    throw new R3mesError({ code: "NODE_UNREACHABLE", url: "none", reason: "" });
  const query = createClient(Query, queryTransport(rpc as ChainRpc));
  const { submissions, audits } = chain;
  const { sql } = database;
  const [row] = await sql.select().from(submissions).where(eq(submissions.id, id));
  if (row === undefined) throw new R3mesError({ code: "SUBMISSION_NOT_FOUND", id });
  const [audit] = await sql
    .select()
    .from(audits)
    .where(eq(audits.submissionId, id))
    .orderBy(desc(audits.draw))
    .limit(1);
  if (audit?.stateFinalCid == null) throw new R3mesError({ code: "AUDIT_NOT_FOUND", id });
  const poolId = BigInt(row.poolId);
  const { pool, model, dataset } = await recordsOfPool(query, poolId);
  const { round } = await query.round({ poolId, number: row.round });
  const submission = create(SubmissionSchema, {
    id: BigInt(id),
    poolId,
    round: row.round,
    chunk: BigInt(row.chunk),
    miner: row.miner,
    commitment: fromHex(row.commitment),
    stepsRoot: fromHex(row.stepsRoot ?? ""),
    updateRoot: fromHex(row.updateRoot ?? ""),
    updateCid: cidBytes(row.updateCid),
    lossSum: row.lossSum ?? 0n,
    draws: row.draws,
    opening: {
      step: audit.step,
      rootBefore: fromHex(audit.rootBefore ?? ""),
      rootAfter: fromHex(audit.rootAfter ?? ""),
      rootFinal: fromHex(audit.rootFinal ?? ""),
      stateBeforeCid: cidBytes(audit.stateBeforeCid),
      stateFinalCid: cidBytes(audit.stateFinalCid),
    },
  });
  return {
    pool: toHex(toBinary(PoolSchema, pool)),
    model: toHex(toBinary(ModelSchema, model)),
    dataset: toHex(toBinary(DatasetSchema, dataset)),
    round: toHex(toBinary(RoundSchema, round!)),
    submission: toHex(toBinary(SubmissionSchema, submission)),
    adapterCid: toHex(await queryAdapterCid(query, poolId, round!.adapterId)),
  };
}

function cidBytes(text: string | null): Uint8Array {
  return text === null ? new Uint8Array() : contentIdToBytes(parseContentId(text));
}
