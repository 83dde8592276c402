/** The genesis model and the built-in datasets, put into the store and described as the chain registers them. */
import { readdirSync } from "node:fs";
import { programFacts, programWork } from "@r3mes/engine";
import { nodeSha256 } from "@r3mes/engine/node";
import {
  buildTrainingProgram,
  DATASET_MANIFEST_FILE,
  decodeDatasetManifest,
  initialFactors,
  type ModelManifest,
} from "@r3mes/models";
import { GENESIS_FOLDER, openModelFolder } from "@r3mes/models/node";
import { fromHex, R3mesError } from "@r3mes/protocol";
import { type ContentStore, contentIdToBytes } from "@r3mes/storage";
import { encodeAdapter, freshAdapter, rootOfAdapter } from "@r3mes/training";
import { buildDatasetAside } from "./buildDatasetAside.ts";
import { programPlan } from "./genesisPlan.ts";
import { putGenesis } from "./putGenesis.ts";
import { readFiles } from "./readFiles.ts";

type Store = Pick<ContentStore, "put" | "putFolder">;

/** The model's record but for its referee. */
export async function publishModel(store: Store) {
  const model = await openModelFolder(GENESIS_FOLDER);
  await model.close();
  const { manifest } = model;
  const manifestCid = await putGenesis(store);
  const { plan, ...program } = describeProgram(manifest);
  const fresh = freshAdapter(plan, initialFactors(plan.program, { low: 1, high: 0 }));
  return {
    name: manifest.name,
    architecture: manifest.architecture.kind,
    manifestCid: contentIdToBytes(manifestCid),
    backboneRoot: fromHex(manifest.backbone.root),
    tokenizerHash: tokenizerHashOf(manifest),
    initialAdapterRoot: rootOfAdapter(plan, fresh, nodeSha256),
    initialAdapterCid: contentIdToBytes(await store.put(encodeAdapter(fresh))),
    programs: [program],
    targets: programPlan.targets.join(","),
    licence: manifest.licence,
  };
}

function describeProgram({ architecture }: ModelManifest) {
  const { sequences, length, rank, alpha, targets, optimizer } = programPlan;
  const program = buildTrainingProgram(architecture, {
    sequences,
    length,
    adapter: { rank, alpha, targets },
    optimizer,
  });
  const facts = programFacts(program, nodeSha256);
  return {
    plan: { program },
    root: facts.root,
    operations: facts.records,
    stateTensors: facts.stateTensors,
    weights: facts.weights,
    stateWriters: [...facts.stateWriters],
    rank,
    batch: sequences,
    sequence: length,
    optimizer: programPlan.registeredOptimizer,
    work: BigInt(programWork(program)),
  };
}

function tokenizerHashOf({ name, tokenizer }: ModelManifest): Uint8Array {
  if (tokenizer === undefined)
    throw new R3mesError({ code: "MODEL_WITHOUT_TOKENIZER", model: name });
  return fromHex(tokenizer.sha256);
}

/** Builds a built-in dataset in `folder`, unless it is there, and publishes it. */
export async function publishDataset(store: Store, name: string, folder: string) {
  await buildDatasetAside(name, folder);
  const files = await readFiles(folder, readdirSync(folder));
  const manifest = decodeDatasetManifest(files.get(DATASET_MANIFEST_FILE)!, DATASET_MANIFEST_FILE);
  return {
    name,
    manifestCid: contentIdToBytes(await store.putFolder(files)),
    root: fromHex(manifest.root),
    shards: manifest.shards.length,
    tokens: BigInt(manifest.splits.train?.tokens ?? 0),
    tokenizerHash: fromHex(manifest.tokenizer.sha256),
    licence: manifest.licence,
  };
}
