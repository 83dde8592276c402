/**
 * From the chain's records of a pool to everything that training for it needs. What is fetched is compared with what the chain has
 * registered: the program by its root, the model and the dataset by theirs. A byte that cannot be had is the source's error and
 * passes through; it is never a fault of the pool.
 */
import { type Program, programRoot, type WeightSource } from "@r3mes/engine";
import {
  type AdapterShape,
  BACKBONE_FILE,
  type Backbone,
  type BitnetShape,
  type ByteSource,
  buildForwardProgram,
  buildTrainingProgram,
  LINEARS,
  type LinearName,
  openBackbone,
  readDatasetManifest,
  readShard,
  type Split,
  shardRoot,
} from "@r3mes/models";
import { equalBytes, fromHex, LIMITS, R3mesError, type Sha256, toHex } from "@r3mes/protocol";
import {
  type Dataset,
  type Model as ModelRecord,
  Optimizer,
  type Pool,
  type StepProgram,
} from "@r3mes/protocol/messages";
import { type Adapter, adapterBytes, decodeAdapter } from "../adapter/adapter.ts";
import type { Shards } from "../chunk/chunkRecords.ts";
import type { RegisteredData } from "../dispute/executionOfTile.ts";
import type { TrainingPlan } from "./trainingPlan.ts";

/** Where content comes from, by its address of 36 bytes. */
export interface ContentSource {
  get(cid: Uint8Array, bytesMax: number): Promise<Uint8Array>;
  openFolder(cid: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>>;
}

export interface PoolRecords {
  readonly pool: Pool;
  readonly model: ModelRecord;
  readonly dataset: Dataset;
}

export interface OpenedPool {
  readonly plan: TrainingPlan;
  readonly adapterShape: AdapterShape;
  /** The forward part of the plan's program, for the loss of a held-out batch. */
  readonly evaluation: Program;
  readonly weights: WeightSource;
  /** What a disputed tile's inputs are proven in. */
  readonly registered: RegisteredData;
  /** Tokens of a split of the dataset. */
  readonly tokens: Readonly<Record<Split, number>>;
  /** Fetches shards of a split by their numbers in it, and checks each against its root. */
  shards(split: Split, numbers: readonly number[]): Promise<Shards>;
  adapter(cid: Uint8Array): Promise<Adapter>;
}

/** The scale of an adapter is alpha / rank = 2 in every program that is registered. */
const alphaPerRank = 2;

export type PoolReader = (records: PoolRecords) => Promise<OpenedPool>;

/**
 * Opens pools out of one source. Those of one model share it: its backbone is fetched, and held in memory, once.
 *
 * @param hash a faster SHA-256, where the host has one
 */
export function createPoolReader(source: ContentSource, hash?: Sha256): PoolReader {
  /** By the address of the manifest; one that cannot be had is asked for again by whoever asks next. */
  const models = new Map<string, Promise<Backbone>>();
  const modelAt = (cid: Uint8Array): Promise<Backbone> => {
    const key = toHex(cid);
    const known = models.get(key);
    if (known !== undefined) return known;
    const opened = openPublishedModel(cid, source, hash);
    models.set(key, opened);
    opened.catch(() => models.delete(key));
    return opened;
  };
  return (records) => readPool(records, modelAt, source, hash);
}

/** One pool, whose model nobody shares. */
export function openPool(
  records: PoolRecords,
  source: ContentSource,
  hash?: Sha256,
): Promise<OpenedPool> {
  return createPoolReader(source, hash)(records);
}

async function readPool(
  records: PoolRecords,
  modelAt: (cid: Uint8Array) => Promise<Backbone>,
  source: ContentSource,
  hash: Sha256 | undefined,
): Promise<OpenedPool> {
  const { model: record, dataset } = records;
  const [model, { shardRoots, ...data }] = await Promise.all([
    modelAt(record.manifestCid).then((opened) => asRegistered(record, opened)),
    openRegisteredDataset(dataset, source, hash),
  ]);
  const { plan, adapterShape } = planOfPool(records, model.manifest.architecture, hash);
  const weights: WeightSource = model.weight;
  return {
    plan,
    adapterShape,
    evaluation: buildForwardProgram(model.manifest.architecture, {
      sequences: plan.sequences,
      length: plan.length,
      adapter: adapterShape,
      withLoss: true,
    }),
    weights,
    registered: {
      weights,
      weightRoots: model.manifest.weights.map(({ root }) => fromHex(root)),
      shardRoots,
      tokens: data.tokens.train,
    },
    ...data,
    adapter: async (cid) => decodeAdapter(plan, await source.get(cid, adapterBytes(plan))),
  };
}

/**
 * What a pool trains, for whoever knows the architecture of its model already: nothing is fetched.
 *
 * @throws POOL_NOT_AS_REGISTERED
 */
export function planOfPool(
  { pool, model }: Pick<PoolRecords, "pool" | "model">,
  architecture: BitnetShape,
  hash?: Sha256,
): Pick<OpenedPool, "plan" | "adapterShape"> {
  const registered = model.programs[pool.program];
  if (registered === undefined) throw mismatch("program", { program: pool.program });
  const adapterShape = shapeOfAdapter(model, registered);
  return { plan: planOf(pool, registered, architecture, adapterShape, hash), adapterShape };
}

function planOf(
  pool: Pool,
  registered: StepProgram,
  architecture: BitnetShape,
  adapter: AdapterShape,
  hash: Sha256 | undefined,
): TrainingPlan {
  const { hyperparameters } = pool;
  if (hyperparameters === undefined) throw mismatch("hyperparameters", { pool: pool.id });
  const program = buildTrainingProgram(architecture, {
    sequences: registered.batch,
    length: registered.sequence,
    adapter,
    optimizer: registered.optimizer === Optimizer.LION ? "lion" : "adam",
  });
  const found = programRoot(program, hash);
  if (!equalBytes(found, registered.root)) {
    throw mismatch("program", { expected: registered.root, found });
  }
  return {
    pool: pool.id,
    program,
    localSteps: hyperparameters.localSteps,
    sequences: registered.batch,
    length: registered.sequence,
    learningRates: hyperparameters.learningRates,
    decay: 0,
    density: hyperparameters.density,
    outer: {
      momentum: hyperparameters.outerMomentum,
      learningRate: hyperparameters.outerLearningRate,
    },
  };
}

function shapeOfAdapter(record: ModelRecord, { rank }: StepProgram): AdapterShape {
  const targets = record.targets.split(",");
  const isLinear = (name: string): name is LinearName => LINEARS.some((known) => known === name);
  if (!targets.every(isLinear)) throw mismatch("targets", { found: record.targets });
  return { rank, alpha: rank * alphaPerRank, targets };
}

/** The backbone of the largest model is far below this; a lie about its size ends here. */
const backboneBytesMax = 4 * 2 ** 30;

async function openPublishedModel(
  manifestCid: Uint8Array,
  source: ContentSource,
  hash: Sha256 | undefined,
): Promise<Backbone> {
  const files = await source.openFolder(manifestCid);
  const read = async (file: string, bytesMax: number) => {
    const cid = files.get(file);
    return cid === undefined ? undefined : source.get(cid, bytesMax);
  };
  const folder = {
    read: (file: string) => read(file, LIMITS.manifestBytesMax),
    async open(file: string) {
      const bytes = await read(file, backboneBytesMax);
      return bytes === undefined ? undefined : bytesSource(file, bytes);
    },
  };
  return openBackbone(folder, hash);
}

function asRegistered({ backboneRoot: expected }: ModelRecord, model: Backbone): Backbone {
  const found = model.manifest.backbone.root;
  if (found === toHex(expected)) return model;
  throw mismatch("backbone", { file: BACKBONE_FILE, expected, found });
}

function bytesSource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    length: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
    readInto: async (offset, target) => target.set(bytes.subarray(offset, offset + target.length)),
  };
}

async function openRegisteredDataset(
  record: Dataset,
  source: ContentSource,
  hash: Sha256 | undefined,
) {
  const files = await source.openFolder(record.manifestCid);
  const folder = {
    read: async (file: string) => {
      const cid = files.get(file);
      return cid === undefined ? undefined : source.get(cid, 4 * LIMITS.shardTokensMax);
    },
  };
  const manifest = await readDatasetManifest(folder);
  if (manifest.root !== toHex(record.root)) {
    throw mismatch("dataset", { expected: record.root, found: manifest.root });
  }
  const shardsOf = (split: Split) => manifest.shards.filter((shard) => shard.split === split);
  const tokensOf = (split: Split) => shardsOf(split).reduce((sum, { tokens }) => sum + tokens, 0);
  return {
    shardRoots: manifest.shards.map(({ root }) => fromHex(root)),
    tokens: {
      train: tokensOf("train"),
      validation: tokensOf("validation"),
      "held-out": tokensOf("held-out"),
    },
    async shards(split: Split, numbers: readonly number[]): Promise<Shards> {
      const read = async (number: number) => {
        const shard = shardsOf(split)[number];
        if (shard === undefined) {
          throw new R3mesError({ code: "CHUNK_NOT_IN_DATASET", shard: number, split });
        }
        const bytes = await readShard(folder, shard);
        const found = toHex(shardRoot(bytes, hash));
        if (found !== shard.root) {
          const facts = { file: shard.file, expected: shard.root, found };
          throw new R3mesError({ code: "DATASET_SHARD_MISMATCH", ...facts });
        }
        return [number, readU32(bytes)] as const;
      };
      return new Map(await Promise.all(numbers.map(read)));
    },
  };
}

/** Little-endian u32, whatever the alignment of the bytes and the order of the machine. */
function readU32(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const values = new Uint32Array(bytes.length >>> 2);
  for (let i = 0; i < values.length; i += 1) values[i] = view.getUint32(4 * i, true);
  return values;
}

function mismatch(
  what: string,
  facts: Readonly<Record<string, string | number | bigint | Uint8Array>>,
) {
  return new R3mesError({ code: "POOL_NOT_AS_REGISTERED", what, ...facts });
}
