/**
 * What a pool's records leave to be looked up in content: the size of its held-out sample, of an update,
 * and of a full gradient of its model. Content never changes, so each is fetched once. What cannot be
 * had is null: it is shown as unknown and stops nothing else.
 */
import { contentHref } from "./contentHref.ts";
import { fetchJson } from "./fetchJson.ts";
import type {
  DatasetRecord,
  FolderEntries,
  ModelRecord,
  PageOf,
  Pool,
  Submission,
} from "./records.ts";
import { explorer } from "./useRecord.ts";

export type PoolFacts = {
  /** Predicted tokens of the held-out sample. */
  readonly heldOutTokens: number | null;
  /** Size of the newest revealed update. */
  readonly updateBytes: number | null;
  /** Size of a gradient of all the backbone's matrices in 32-bit floats. */
  readonly gradientBytes: number | null;
};

type DatasetManifest = {
  readonly shards: readonly { readonly split: string; readonly tokens: number }[];
};

type ModelManifest = {
  readonly architecture: {
    readonly hidden: number;
    readonly ffn: number;
    readonly layers: number;
    readonly heads: number;
    readonly kvHeads: number;
    readonly headSize: number;
    readonly vocabulary: number;
  };
};

type Program = { readonly batch?: number; readonly sequence?: number };

const floatBytes = 4;

export async function fetchPoolFacts(poolId: number, signal: AbortSignal): Promise<PoolFacts> {
  const read = <Reply>(path: string) => fetchJson<Reply>(`${explorer}${path}`, signal);
  const pool = await read<Pool>(`/pools/${poolId}`);
  const [model, dataset, submissions] = await Promise.all([
    read<ModelRecord>(`/models/${pool.modelId}`),
    read<DatasetRecord>(`/datasets/${pool.datasetId}`),
    read<PageOf<Submission>>(`/submissions?poolId=${poolId}&limit=20`),
  ]);
  const program = (model.programs[pool.program] ?? {}) as Program;
  const update = submissions.items.find(({ updateCid }) => updateCid !== null)?.updateCid ?? null;
  const [data, backbone, updateBytes] = await Promise.all([
    unlessAway(fetchFile<DatasetManifest>(dataset.manifestCid, "dataset.json", signal)),
    unlessAway(fetchFile<ModelManifest>(model.manifestCid, "model.json", signal)),
    update === null ? null : unlessAway(fetchSize(update, signal)),
  ]);
  return {
    heldOutTokens: data === null ? null : await sampleTokens(data, program),
    updateBytes,
    gradientBytes: backbone === null ? null : floatBytes * matrixElements(backbone),
  };
}

async function unlessAway<Value>(value: Promise<Value>): Promise<Value | null> {
  return value.catch(() => null);
}

async function fetchFile<Content>(folder: string, name: string, signal: AbortSignal) {
  const { entries } = await fetchJson<FolderEntries>(`${contentHref(folder)}/entries`, signal);
  const file = entries.find((entry) => entry.name === name);
  return file === undefined ? null : fetchJson<Content>(contentHref(file.cid), signal);
}

async function fetchSize(cid: string, signal: AbortSignal): Promise<number | null> {
  const response = await fetch(contentHref(cid), { signal });
  return response.ok ? (await response.arrayBuffer()).byteLength : null;
}

/** The first records of the held-out split, in whole batches. Source: spec/aggregation.md. */
async function sampleTokens(
  { shards }: DatasetManifest,
  { batch, sequence }: Program,
): Promise<number | null> {
  if (batch === undefined || sequence === undefined) return null;
  const { datasetRecords, LIMITS } = await import("@r3mes/protocol");
  const tokens = shards
    .filter(({ split }) => split === "held-out")
    .reduce((sum, shard) => sum + shard.tokens, 0);
  const records = Math.min(datasetRecords(tokens, sequence), LIMITS.heldOutRecordsMax);
  return Math.floor(records / batch) * batch * sequence;
}

export function matrixElements({ architecture }: ModelManifest): number {
  const { hidden, ffn, layers, heads, kvHeads, headSize, vocabulary } = architecture;
  const attention = 2 * hidden * headSize * (heads + kvHeads);
  return vocabulary * hidden + layers * (attention + 3 * hidden * ffn);
}
