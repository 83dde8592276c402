/**
 * Figures that are not on the chain and follow from content that it names: the size of the held-out sample, and what was sent
 * against what gradients would have cost. What the store has not got is unknown, and shown as unknown.
 */
import { chain, type Sql } from "@r3mes/database";
import { decodeDatasetManifest, decodeModelManifest, listWeights } from "@r3mes/models";
import { datasetRecords, LIMITS, R3mesError } from "@r3mes/protocol";
import { parseContentId } from "@r3mes/storage";
import { and, desc, eq, isNotNull } from "drizzle-orm";
import type { z } from "zod";
import type { ContentFacts } from "./createContentFacts.ts";
import type { ExplorerDeps } from "./explorerDeps.ts";
import type { measures } from "./schemas/network.ts";

export type Measures = z.infer<typeof measures>;
type Content = NonNullable<ExplorerDeps["content"]>;

const { datasets, models, pools, submissions } = chain;
/** Nobody waits for it: a figure that is not there yet is there when it is asked for again. */
const fetchMs = 120_000;
const bytesOfFloat = 4n;
/** Updates of which the size is looked up; more would not change their mean. */
const sampledMax = 50;
/** Neither a manifest nor an update is larger. */
const contentBytesMax = 64 << 20;

export async function readMeasures(
  { database: { sql }, content }: ExplorerDeps,
  id: number,
  facts: ContentFacts,
): Promise<Measures> {
  const [pool] = await sql.select().from(pools).where(eq(pools.id, id));
  if (pool === undefined) throw new R3mesError({ code: "POOL_NOT_FOUND", id });
  const [model] = await sql.select().from(models).where(eq(models.id, pool.modelId));
  const [dataset] = await sql.select().from(datasets).where(eq(datasets.id, pool.datasetId));
  const programs = (model?.programs ?? []) as readonly Shape[];
  const shape = programs[pool.program];
  if (
    content === undefined ||
    model === undefined ||
    dataset === undefined ||
    shape === undefined
  ) {
    return { heldOutTokens: null, gradientBytes: null, updates: { sampled: 0, bytes: "0" } };
  }
  const { manifestCid } = dataset;
  const [tokens, gradient, updates] = await Promise.all([
    facts.of(`held-out ${manifestCid} ${shape.batch} ${shape.sequence}`, () =>
      heldOutTokens(content, manifestCid, shape),
    ),
    facts.of(`gradient ${model.manifestCid}`, () => gradientBytes(content, model.manifestCid)),
    updateBytes(sql, content, id, facts),
  ]);
  return { heldOutTokens: tokens, gradientBytes: gradient, updates };
}

type Shape = { readonly batch: number; readonly sequence: number };

/** Predicted tokens of the sample that held-out losses are sums over: spec/aggregation.md. */
async function heldOutTokens(content: Content, cid: string, shape: Shape): Promise<number> {
  const file = "dataset.json";
  const manifest = decodeDatasetManifest(await readFile(content, cid, file), file);
  const tokens = manifest.shards
    .filter(({ split }) => split === "held-out")
    .reduce((all, shard) => all + shard.tokens, 0);
  const records = Math.min(datasetRecords(tokens, shape.sequence), LIMITS.heldOutRecordsMax);
  return Math.floor(records / shape.batch) * shape.batch * shape.sequence;
}

/** A gradient of the whole model in fp32, as data-parallel training would send it for every step. */
async function gradientBytes(content: Content, cid: string): Promise<string> {
  const file = "model.json";
  const { architecture } = decodeModelManifest(await readFile(content, cid, file), file);
  // A transpose is another form of a weight, not one more.
  const weights = listWeights(architecture).filter((weight) => !("transposeOfName" in weight));
  const elements = weights.reduce((all, { rows, columns }) => all + BigInt(rows * columns), 0n);
  return String(elements * bytesOfFloat);
}

async function updateBytes(sql: Sql, content: Content, poolId: number, facts: ContentFacts) {
  const revealed = await sql
    .select({ cid: submissions.updateCid })
    .from(submissions)
    .where(and(eq(submissions.poolId, poolId), isNotNull(submissions.updateCid)))
    .orderBy(desc(submissions.id))
    .limit(sampledMax);
  const sizes = await Promise.all(
    revealed.map(({ cid }) =>
      facts.of(`size ${cid}`, async () => (await read(content, cid!)).length),
    ),
  );
  const found = sizes.filter((size) => size !== null);
  const bytes = found.reduce((all, size) => all + size, 0);
  return { sampled: found.length, bytes: String(bytes) };
}

async function readFile(content: Content, folder: string, name: string): Promise<Uint8Array> {
  const files = await content.openFolder(parseContentId(folder), AbortSignal.timeout(fetchMs));
  const id = files.get(name);
  if (id === undefined) throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: folder });
  return read(content, id);
}

function read(content: Content, cid: string): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(fetchMs);
  return content.get(parseContentId(cid), { bytesMax: contentBytesMax, signal });
}
