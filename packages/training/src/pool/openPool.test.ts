import { readFileSync } from "node:fs";
import { join } from "node:path";
import { programRoot } from "@r3mes/engine";
import { nodeSha256 } from "@r3mes/engine/node";
import {
  buildTrainingProgram,
  type DatasetManifest,
  encodeDatasetManifest,
  LINEARS,
  shardRoot,
} from "@r3mes/models";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";
import { datasetRoot, fromHex, R3mesError, toHex } from "@r3mes/protocol";
import { Optimizer } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { type ContentSource, createPoolReader, type PoolRecords } from "./openPool.ts";

/** Content in memory, each piece at an address of its number, and how often it was asked for. */
function createContent() {
  const contents: (Uint8Array | ReadonlyMap<string, Uint8Array>)[] = [];
  const asked: number[] = [];
  const put = (content: Uint8Array | ReadonlyMap<string, Uint8Array>) =>
    Uint8Array.of(contents.push(content) - 1);
  const putFolder = (files: ReadonlyMap<string, Uint8Array>) =>
    put(new Map([...files].map(([name, bytes]) => [name, put(bytes)])));
  const source: ContentSource = {
    async get([number]) {
      asked.push(number!);
      return contents[number!] as Uint8Array;
    },
    openFolder: async ([number]) => contents[number!] as ReadonlyMap<string, Uint8Array>,
  };
  return { asked, putFolder, source };
}

const modelFiles = new Map(
  ["model.json", "tokenizer.json", "backbone.bin"].map((file) => [
    file,
    new Uint8Array(readFileSync(join(GENESIS_FOLDER, file))),
  ]),
);
const shard = new Uint8Array(4 * 64);

async function setup() {
  const { asked, putFolder, source } = createContent();
  const { manifest, close } = await openModelFolder(GENESIS_FOLDER);
  await close();
  const program = buildTrainingProgram(manifest.architecture, {
    ...{ sequences: 1, length: 16, optimizer: "adam" },
    adapter: { rank: 4, alpha: 8, targets: LINEARS },
  });
  const root = datasetRoot([shardRoot(shard)]);
  const description: DatasetManifest = {
    ...{ format: "remes/dataset/1", name: "zeros", title: "Zeros", source: "nowhere" },
    ...{ author: "nobody", date: "2026", licence: "CC0-1.0" },
    tokenizer: { sha256: manifest.tokenizer!.sha256, vocabulary: 4096 },
    splits: { train: { documents: 1, bytes: 64, tokens: 64 } },
    shards: [{ split: "train", tokens: 64, file: "0.tokens", root: toHex(shardRoot(shard)) }],
    root: toHex(root),
  };
  const datasetFiles = new Map([
    ["0.tokens", shard],
    ["dataset.json", encodeDatasetManifest(description)],
  ]);
  const registered = {
    ...{ root: programRoot(program, nodeSha256), rank: 4, batch: 1, sequence: 16 },
    optimizer: Optimizer.ADAM,
  };
  const hyperparameters = { localSteps: 1, learningRates: [1], density: 90 };
  const records = (id: bigint, backboneRoot = fromHex(manifest.backbone.root)) =>
    ({
      model: { backboneRoot, manifestCid, targets: LINEARS.join(","), programs: [registered] },
      dataset: { root, manifestCid: datasetCid },
      pool: { id, program: 0, hyperparameters },
    }) as unknown as PoolRecords;
  const manifestCid = putFolder(modelFiles);
  const [tokenizer, backbone] = [modelFiles.size - 2, modelFiles.size - 1];
  const datasetCid = putFolder(datasetFiles);
  return { source, asked, tokenizer, backbone, records };
}

test("pools of one model fetch its backbone once, and a record of another is refused all the same", async () => {
  const { source, asked, backbone, records } = await setup();
  const read = createPoolReader(source, nodeSha256);
  const [first, second] = await Promise.all([read(records(1n)), read(records(2n))]);
  expect([first.plan.pool, second.plan.pool]).toEqual([1n, 2n]);
  expect(second.weights).toBe(first.weights);
  expect(asked.filter((number) => number === backbone)).toHaveLength(1);
  await expect(read(records(3n, new Uint8Array(32)))).rejects.toMatchObject({
    code: "POOL_NOT_AS_REGISTERED",
  });
});

test("whoever trains asks for no tokenizer: a large one takes as much memory as a small model", async () => {
  const { source, asked, tokenizer, backbone, records } = await setup();
  await createPoolReader(source, nodeSha256)(records(1n));
  expect(asked).toContain(backbone);
  expect(asked).not.toContain(tokenizer);
});

test("a model that could not be had is fetched again for whoever asks next", async () => {
  const { source, backbone, records } = await setup();
  const unavailable = new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: "backbone" });
  let isAway = true;
  const read = createPoolReader({
    ...source,
    get: (cid, bytesMax) =>
      isAway && cid[0] === backbone ? Promise.reject(unavailable) : source.get(cid, bytesMax),
  });
  await expect(read(records(1n))).rejects.toBe(unavailable);
  isAway = false;
  expect((await read(records(1n))).plan.pool).toBe(1n);
});
