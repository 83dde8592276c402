/** A built-in dataset as tokens in memory, cut by the genesis tokenizer: what the scripts of this folder learn from. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeSha256 } from "@r3mes/engine/node";
import { BUILT_IN_DATASETS, buildDataset, type Split } from "@r3mes/models";
import { GENESIS_FOLDER, openModelFolder, readBuiltIn } from "@r3mes/models/node";
import type { Shards } from "@r3mes/training";

export interface DomainText {
  tokens(split: Split): number;
  shards(split: Split): Shards;
}

export async function domainText(name: string): Promise<DomainText> {
  const dataset = BUILT_IN_DATASETS.find(({ description }) => description.name === name);
  if (dataset === undefined) throw new Error(`no built-in dataset is called ${name}`);
  const { tokenizer, manifest, close } = await openModelFolder(GENESIS_FOLDER);
  await close();
  if (tokenizer === undefined || manifest.tokenizer === undefined) {
    throw new Error("the genesis model has a tokenizer");
  }
  const tokenizerHash = nodeSha256(await readFile(join(GENESIS_FOLDER, "tokenizer.json")));
  const { endOfText } = manifest.tokenizer;
  const { description } = dataset;
  const built = buildDataset(
    { description, parts: readBuiltIn(dataset), tokenizer, tokenizerHash, endOfText },
    nodeSha256,
  );
  const shardsOf = (split: Split) => built.manifest.shards.filter((shard) => shard.split === split);
  return {
    tokens: (split) => built.manifest.splits[split]?.tokens ?? 0,
    shards: (split) =>
      new Map(shardsOf(split).map(({ file }, number) => [number, words(built.files.get(file)!)])),
  };
}

function words(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: bytes.length >>> 2 }, (_, i) => view.getUint32(4 * i, true));
}
