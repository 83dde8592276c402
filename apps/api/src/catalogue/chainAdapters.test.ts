import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "@connectrpc/connect";
import { packBlock, programRoot } from "@r3mes/engine";
import {
  buildTrainingProgram,
  type DatasetManifest,
  encodeDatasetManifest,
  LINEARS,
  type ModelManifest,
  shardRoot,
} from "@r3mes/models";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";
import { contentOf } from "@r3mes/participant";
import { datasetRoot, fromHex, noise, toHex } from "@r3mes/protocol";
import { AdapterStatus, Optimizer, type Query } from "@r3mes/protocol/messages";
import { manualClock } from "@r3mes/service/testing";
import { contentIdToBytes, memoryStore } from "@r3mes/storage";
import {
  type ContentSource,
  encodeAdapter,
  freshAdapter,
  rootOfAdapter,
  type TrainingPlan,
} from "@r3mes/training";
import { beforeAll, expect, test } from "vitest";
import { createChainAdapters } from "./chainAdapters.ts";

const shape = { rank: 4, alpha: 8, targets: LINEARS } as const;
const code = (name: string) => expect.objectContaining({ code: name });

let manifest: ModelManifest;
let plan: TrainingPlan;
beforeAll(async () => {
  const model = await openModelFolder(GENESIS_FOLDER);
  manifest = model.manifest;
  await model.close();
  const program = buildTrainingProgram(manifest.architecture, {
    sequences: 1,
    length: 16,
    adapter: shape,
    optimizer: "adam",
  });
  plan = { program } as TrainingPlan;
});

/** An adapter's file and root, from a seed. */
function adapterOf(seed: number) {
  const { program } = plan;
  const factors = program.tensors.flatMap(({ role, name, rows, columns }) => {
    if (role !== "state" || !/\.(a|b)$/.test(name)) return [];
    const draw = (row: number, column: number) => noise(seed, 1, 0, row, column) >> 14;
    return [[name, packBlock("i32", rows, columns, draw)] as const];
  });
  const adapter = freshAdapter(plan, new Map(factors));
  return { bytes: encodeAdapter(adapter), root: rootOfAdapter(plan, adapter) };
}

type Version = { readonly id: bigint; readonly status: AdapterStatus; readonly seed: number };

/** A chain with the shipped model, one pool, and these versions; content that `lost` names is nowhere. */
async function setup(versions: readonly Version[], options: { readonly wrong?: bigint } = {}) {
  const store = memoryStore();
  const cidOf = async (bytes: Uint8Array) => contentIdToBytes(await store.put(bytes));
  const files = ["model.json", "backbone.bin", "tokenizer.json"].map(
    (file) => [file, new Uint8Array(readFileSync(join(GENESIS_FOLDER, file)))] as const,
  );
  const dataset = datasetFiles();
  const adapters = await Promise.all(
    versions.map(async ({ id, status, seed }) => {
      const { bytes, root } = adapterOf(seed);
      const served = id === options.wrong ? adapterOf(seed + 100).bytes : bytes;
      return { id, modelId: 1n, poolId: 1n, status, root, cid: await cidOf(served) };
    }),
  );
  const state = { adapters };
  const model = {
    id: 1n,
    backboneRoot: fromHex(manifest.backbone.root),
    manifestCid: contentIdToBytes(await store.putFolder(new Map(files))),
    targets: LINEARS.join(","),
    programs: [
      {
        root: programRoot(plan.program),
        rank: shape.rank,
        batch: 1,
        sequence: 16,
        optimizer: Optimizer.ADAM,
      },
    ],
  };
  const pool = {
    id: 1n,
    modelId: 1n,
    datasetId: 1n,
    program: 0,
    hyperparameters: {
      localSteps: 1,
      learningRates: [1],
      density: 90,
      outerMomentum: 0,
      outerLearningRate: 1,
    },
  };
  const query = {
    // It stands on the second page of a chain that has many.
    models: async ({ pagination }: { pagination: { key: Uint8Array } }) =>
      pagination.key.length === 0
        ? { models: [], pagination: { nextKey: Uint8Array.of(1) } }
        : { models: [model] },
    model: async () => ({ model }),
    pool: async () => ({ pool }),
    dataset: async () => ({
      dataset: {
        id: 1n,
        root: dataset.root,
        manifestCid: contentIdToBytes(await store.putFolder(dataset.files)),
      },
    }),
    adapters: async () => ({ adapters: state.adapters }),
  } as unknown as Client<typeof Query>;
  const log = { warn: () => {}, info: () => {} } as never;
  const clock = manualClock(5_000);
  const fetched: string[] = [];
  const stored = contentOf(store);
  const content: ContentSource = {
    ...stored,
    get(cid, bytesMax) {
      fetched.push(toHex(cid));
      return stored.get(cid, bytesMax);
    },
  };
  const adapterList = createChainAdapters({ manifest, query, content, clock, log });
  const ending = new AbortController();
  const following = adapterList.follow(ending.signal);
  await expect.poll(() => adapterList.models().length).toBeGreaterThan(0);
  const end = () => [ending.abort(), following];
  return { adapterList, state, clock, end, adapters, fetched };
}

function datasetFiles() {
  const shards = (["train", "held-out"] as const).map((split) => {
    const bytes = new Uint8Array(4 * 64);
    return { split, bytes, file: `${split}-0.tokens`, root: shardRoot(bytes) };
  });
  const root = datasetRoot(shards.map((shard) => shard.root));
  const counts = { documents: 1, bytes: 64, tokens: 64 };
  const description: DatasetManifest = {
    format: "remes/dataset/1",
    ...{ name: "zeros", title: "Zeros", source: "nowhere", author: "nobody", date: "2026" },
    licence: "CC0-1.0",
    tokenizer: { sha256: manifest.tokenizer!.sha256, vocabulary: 4096 },
    splits: { train: counts, "held-out": counts },
    shards: shards.map(({ split, file, root: hash }) => ({
      split,
      tokens: 64,
      file,
      root: toHex(hash),
    })),
    root: toHex(root),
  };
  const files = new Map<string, Uint8Array>(shards.map(({ file, bytes }) => [file, bytes]));
  files.set("dataset.json", encodeDatasetManifest(description));
  return { root, files };
}

const provisional = { id: 1n, status: AdapterStatus.PROVISIONAL, seed: 1 };
const mature = { id: 2n, status: AdapterStatus.MATURE, seed: 2 };
const newest = { id: 3n, status: AdapterStatus.PROVISIONAL, seed: 3 };
const recalled = { id: 4n, status: AdapterStatus.RECALLED, seed: 4 };

test("versions are served by name, a recalled one is not, and a new one is taken live", async () => {
  const { adapterList, state, clock, adapters, end } = await setup([provisional, mature, recalled]);
  expect(adapterList.models().map(({ id, status }) => [id, status])).toEqual([
    ["pool-1@v1", "provisional"],
    ["pool-1@v2", "mature"],
  ]);
  expect([...adapterList.aliases()]).toEqual([
    ["pool-1@latest", "pool-1@v2"],
    ["pool-1@matured", "pool-1@v2"],
  ]);
  state.adapters = [...adapters, { ...adapters[0]!, id: newest.id, status: newest.status }];
  await clock.advance(10_000);
  await expect.poll(() => adapterList.aliases().get("pool-1@latest")).toBe("pool-1@v3");
  expect(adapterList.aliases().get("pool-1@matured")).toBe("pool-1@v2");
  end();
});

test("what an alias names is fetched before anybody asks for it, and once", async () => {
  const { state, clock, adapters, fetched, end } = await setup([provisional, mature, newest]);
  const [first, second, third] = adapters.map(({ cid }) => toHex(cid));
  await expect.poll(() => fetched).toEqual(expect.arrayContaining([second, third]));
  expect(fetched).not.toContain(first);
  // Both are recalled, and the one before them is the newest again.
  state.adapters = adapters.slice(0, 1);
  for (let i = 0; i < 3; i += 1) await clock.advance(10_000);
  await expect.poll(() => fetched).toContain(first);
  for (let i = 0; i < 3; i += 1) await clock.advance(10_000);
  const times = [first, second, third].map((cid) => fetched.filter((one) => one === cid).length);
  expect(times).toEqual([1, 1, 1]);
  end();
});

test("a version's file is fetched and compared with the root that the chain holds", async () => {
  const { adapterList, adapters, fetched, end } = await setup([provisional, mature], {
    wrong: mature.id,
  });
  const [good, wrong] = adapterList.models();
  const { bytes } = adapterOf(provisional.seed);
  expect(await adapterList.file(good!.adapter!)).toEqual({ shape, bytes });
  await expect(adapterList.file(wrong!.adapter!)).rejects.toThrow(code("CONTENT_CORRUPT"));
  await expect(adapterList.file("00")).rejects.toThrow(code("ADAPTER_NOT_FOUND"));
  // Backbone and data of its pool are not needed for that.
  expect(new Set(fetched)).toEqual(new Set(adapters.map(({ cid }) => toHex(cid))));
  end();
});
