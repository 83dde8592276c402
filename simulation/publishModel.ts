/** The small committed model and a dataset with something to learn, published in a store and described as the chain registers them. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programFacts, programWork } from "@r3mes/engine";
import {
  buildTrainingProgram,
  type DatasetManifest,
  encodeDatasetManifest,
  initialFactors,
  LINEARS,
  type LinearName,
  shardRoot,
} from "@r3mes/models";
import { importCheckpointFolder } from "@r3mes/models/node";
import { datasetRoot, fromHex, noise, toHex } from "@r3mes/protocol";
import { Optimizer } from "@r3mes/protocol/messages";
import { type ContentStore, contentIdToBytes } from "@r3mes/storage";
import { encodeAdapter, freshAdapter, rootOfAdapter } from "@r3mes/training";

const checkpoint = join(import.meta.dirname, "../packages/models/fixtures/bitnet-64x2");

export interface StepSize {
  readonly batch: number;
  readonly sequence: number;
  readonly rank: number;
  readonly targets: readonly LinearName[];
  /** Layers of the checkpoint that are taken, from the first on; all of them by default. */
  readonly layers?: number;
}

const stepSize: StepSize = { batch: 2, sequence: 16, rank: 4, targets: LINEARS };

export async function publishModel(
  store: ContentStore,
  refereeId: Uint8Array,
  { batch, sequence, rank, targets, layers } = stepSize,
) {
  const folder = await mkdtemp(join(tmpdir(), "r3mes-model-"));
  try {
    const imported = await importCheckpointFolder({
      from: layers === undefined ? checkpoint : await firstLayers(folder, layers),
      to: folder,
      description: { name: "small", source: "committed fixture", licence: "Apache-2.0" },
    });
    const files = new Map<string, Uint8Array>();
    for (const file of ["model.json", "backbone.bin"])
      files.set(file, await readFile(join(folder, file)));
    const { architecture, backbone } = imported.manifest;
    const program = buildTrainingProgram(architecture, {
      sequences: batch,
      length: sequence,
      adapter: { rank, alpha: 2 * rank, targets },
      optimizer: "adam",
    });
    const facts = programFacts(program);
    const adapter = freshAdapter({ program }, initialFactors(program, { low: 1, high: 0 }));
    return {
      vocabulary: architecture.vocabulary,
      model: {
        name: "small",
        architecture: "bitnet",
        manifestCid: contentIdToBytes(await store.putFolder(files)),
        backboneRoot: fromHex(backbone.root),
        tokenizerHash: new Uint8Array(32).fill(7),
        initialAdapterRoot: rootOfAdapter({ program }, adapter),
        initialAdapterCid: contentIdToBytes(await store.put(encodeAdapter(adapter))),
        programs: [
          {
            root: facts.root,
            operations: facts.records,
            stateTensors: facts.stateTensors,
            weights: facts.weights,
            stateWriters: [...facts.stateWriters],
            rank,
            batch,
            sequence,
            optimizer: Optimizer.ADAM,
            work: BigInt(programWork(program)),
          },
        ],
        refereeId,
        targets: targets.join(","),
        licence: "Apache-2.0",
      },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A checkpoint of the first layers of the committed one. */
async function firstLayers(folder: string, layers: number): Promise<string> {
  const shallow = await mkdtemp(join(folder, "checkpoint-"));
  const config = JSON.parse(await readFile(join(checkpoint, "config.json"), "utf8")) as object;
  const changed = JSON.stringify({ ...config, num_hidden_layers: layers });
  await writeFile(join(shallow, "config.json"), changed);
  const tensors = await readFile(join(checkpoint, "model.safetensors"));
  const isKept = (name: string) => Number(/^model\.layers\.(\d+)\./.exec(name)?.[1] ?? 0) < layers;
  await writeFile(join(shallow, "model.safetensors"), keptTensors(tensors, isKept));
  return shallow;
}

/** A safetensors file of fewer tensors: 8 bytes for the length of its header, the header in JSON, the tensors' bytes. */
function keptTensors(file: Buffer, isKept: (name: string) => boolean): Buffer {
  const data = 8 + Number(file.readBigUInt64LE(0));
  const header: Record<string, { readonly data_offsets: readonly [number, number] }> = JSON.parse(
    file.toString("utf8", 8, data),
  );
  const pieces: Buffer[] = [];
  let end = 0;
  const kept = Object.entries(header)
    .filter(([name]) => name !== "__metadata__" && isKept(name))
    .map(([name, tensor]) => {
      const [from, to] = tensor.data_offsets;
      pieces.push(file.subarray(data + from, data + to));
      const begin = end;
      end += to - from;
      return [name, { ...tensor, data_offsets: [begin, end] }];
    });
  const text = Buffer.from(JSON.stringify(Object.fromEntries(kept)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...pieces]);
}

/** Tokens that follow each other by a rule, but for a little noise. */
function tokensOf(count: number, vocabulary: number, seed: number): Uint32Array {
  const tokens = new Uint32Array(count);
  for (let i = 1; i < count; i += 1) {
    const isNoise = noise(seed, 0, 0, i, 0) % 8 === 0;
    tokens[i] = (isNoise ? noise(seed, 0, 1, i, 0) : tokens[i - 1]! * 5 + 3) % vocabulary;
  }
  return tokens;
}

export async function publishDataset(
  store: ContentStore,
  vocabulary: number,
  size = { train: 20_000, heldOut: 600 },
) {
  const shards = (["train", "held-out"] as const).map((split, seed) => {
    const tokens = tokensOf(split === "train" ? size.train : size.heldOut, vocabulary, seed);
    const bytes = new Uint8Array(tokens.buffer);
    return {
      split,
      tokens: tokens.length,
      bytes,
      file: `${split}-0.tokens`,
      root: shardRoot(bytes),
    };
  });
  const root = datasetRoot(shards.map((shard) => shard.root));
  const counts = (tokens: number) => ({ documents: 1, bytes: tokens, tokens });
  const manifest: DatasetManifest = {
    format: "remes/dataset/1",
    name: "rule",
    title: "Tokens that follow a rule",
    source: "made from a seed",
    author: "nobody",
    date: "2026",
    licence: "CC0-1.0",
    tokenizer: { sha256: toHex(new Uint8Array(32).fill(7)), vocabulary },
    splits: { train: counts(size.train), "held-out": counts(size.heldOut) },
    shards: shards.map(({ split, tokens, file, root: hash }) => ({
      split,
      tokens,
      file,
      root: toHex(hash),
    })),
    root: toHex(root),
  };
  const files = new Map(shards.map(({ file, bytes }) => [file, bytes]));
  files.set("dataset.json", encodeDatasetManifest(manifest));
  return {
    name: "rule",
    manifestCid: contentIdToBytes(await store.putFolder(files)),
    root,
    shards: shards.length,
    tokens: BigInt(size.train),
    tokenizerHash: new Uint8Array(32).fill(7),
    licence: "CC0-1.0",
  };
}
