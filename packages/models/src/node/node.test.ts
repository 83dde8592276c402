import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeSha256 } from "@r3mes/engine/node";
import { expect, onTestFinished, test } from "vitest";
import { verifyDataset } from "../dataset/verifyDataset.ts";
import { buildBuiltInDataset, buildOwnDataset } from "./buildDatasetFolder.ts";
import { GENESIS_FOLDER } from "./genesisFolder.ts";
import { openFolder } from "./openFolder.ts";
import { openModelFolder } from "./openModelFolder.ts";

const code = (name: string) => expect.objectContaining({ code: name });
const description = {
  name: "own",
  title: "Own text",
  source: "a folder",
  author: "nobody",
  date: "2026",
  licence: "CC0-1.0",
};

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-models-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("the shipped model is whole", async () => {
  const model = await openModelFolder(GENESIS_FOLDER);
  onTestFinished(() => model.close());
  await model.verify();
  expect(model.manifest).toMatchObject({
    name: "genesis",
    architecture: { hidden: 256, layers: 6 },
  });
  expect(model.tokenizer!.vocabulary).toBe(4096);
});

test("a built-in dataset is built to the same root every time", async () => {
  const folder = makeFolder();
  const options = { model: GENESIS_FOLDER, to: join(folder, "moby-dick") };
  const manifest = await buildBuiltInDataset("moby-dick", options);
  expect({ root: manifest.root, splits: manifest.splits }).toMatchInlineSnapshot(`
    {
      "root": "e30fa1970e3bd2f964b3a642d3d0097231c0872c1f85bb34dc3e0b3eb1921818",
      "splits": {
        "held-out": {
          "bytes": 168212,
          "documents": 14,
          "tokens": 52603,
        },
        "train": {
          "bytes": 947878,
          "documents": 111,
          "tokens": 298811,
        },
        "validation": {
          "bytes": 95892,
          "documents": 13,
          "tokens": 30907,
        },
      },
    }
  `);
  const files = openFolder(options.to);
  expect(await verifyDataset(files, { hash: nodeSha256 })).toEqual(manifest);
  await expect(async () => buildBuiltInDataset("moby", options)).rejects.toThrow(
    code("DATASET_NOT_FOUND"),
  );
});

test("a folder of own text becomes a dataset, with a tenth of it held out", async () => {
  const folder = makeFolder();
  mkdirSync(join(folder, "text/more"), { recursive: true });
  const paragraph = (i: number) => `Paragraph ${i} of a log kept at sea. `.repeat(30);
  const log = Array.from({ length: 200 }, (_, i) => paragraph(i)).join("\n\n");
  writeFileSync(join(folder, "text/log.txt"), log);
  writeFileSync(join(folder, "text/more/notes.jsonl"), '{"text":"A note."}\n');
  writeFileSync(join(folder, "text/picture.png"), "not text");
  const options = { model: GENESIS_FOLDER, to: join(folder, "dataset") };
  const manifest = await buildOwnDataset(join(folder, "text"), description, options);
  expect(Object.keys(manifest.splits)).toEqual(["train", "validation", "held-out"]);
  expect(await verifyDataset(openFolder(options.to))).toEqual(manifest);
});

test("a folder that is missing, or without text, is refused", async () => {
  const folder = makeFolder();
  const options = { model: GENESIS_FOLDER, to: join(folder, "dataset") };
  const build = async (from: string) => buildOwnDataset(from, description, options);
  await expect(build(join(folder, "none"))).rejects.toThrow(code("FILE_UNREADABLE"));
  await expect(build(folder)).rejects.toThrow(code("DATASET_EMPTY"));
});
