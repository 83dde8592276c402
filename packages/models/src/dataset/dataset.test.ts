import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeSha256 } from "@r3mes/engine/node";
import { LIMITS, R3mesError, sha256, toHex } from "@r3mes/protocol";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { splitDocuments } from "../corpus/splitDocuments.ts";
import { openFolder } from "../node/openFolder.ts";
import { writeDatasetFolder } from "../node/writeDatasetFolder.ts";
import { loadTokenizer } from "../tokenizer/loadTokenizer.ts";
import { buildDataset, DATASET_MANIFEST_FILE } from "./buildDataset.ts";
import { decodeDatasetManifest } from "./datasetManifest.ts";
import { shardRoot } from "./shardRoot.ts";
import { verifyDataset } from "./verifyDataset.ts";

const tokenizerFile = new Uint8Array(
  readFileSync(new URL("../../genesis/tokenizer.json", import.meta.url)),
);
const tokenizer = loadTokenizer(tokenizerFile, "tokenizer.json");
const description = {
  name: "letters",
  title: "Letters",
  source: "written for this test",
  author: "nobody",
  date: "2026",
  licence: "CC0-1.0",
};

function build(texts: readonly string[], change: Partial<typeof description> = {}) {
  const documents = texts.map((text, i) => ({ id: String(i), text }));
  return buildDataset({
    description: { ...description, ...change },
    parts: splitDocuments(documents, { period: 10, heldOutAt: 3, validationAt: 8 }),
    tokenizer,
    tokenizerHash: sha256(tokenizerFile),
    endOfText: 0,
  });
}

const texts = Array.from(
  { length: 12 },
  (_, i) => `Letter ${i}: ${"all is well aboard ".repeat(i + 1)}`,
);
const filesOf = (files: ReadonlyMap<string, Uint8Array>) => ({
  read: async (file: string) => files.get(file),
});
const code = (name: string) => expect.objectContaining({ code: name });

test("a built dataset verifies, and building it again gives the same bytes", async () => {
  const { files, manifest } = build(texts);
  expect(build(texts).files).toEqual(files);
  const progress: number[] = [];
  const onProgress = (checked: number) => progress.push(checked);
  expect(await verifyDataset(filesOf(files), { onProgress })).toEqual(manifest);
  expect(progress.at(-1)).toBe(manifest.shards.reduce((sum, { tokens }) => sum + tokens, 0));
  expect(await verifyDataset(filesOf(files), { hash: nodeSha256 })).toEqual(manifest);
});

test("the manifest says what is in the shards", () => {
  const { files, manifest } = build(texts);
  expect(manifest.shards.map(({ file }) => file)).toEqual([
    "train-0.u32",
    "validation-0.u32",
    "held-out-0.u32",
  ]);
  expect(manifest.splits.train).toMatchObject({ documents: 10 });
  const shard = files.get("held-out-0.u32")!;
  const tokens = [...new Uint32Array(shard.buffer)];
  expect(tokens[0]).toBe(0);
  expect(tokenizer.decode(tokens)).toBe(texts[3]);
  expect(toHex(shardRoot(shard))).toBe(manifest.shards[2]!.root);
});

test("the root is the one that it was", () => {
  expect(build(texts).manifest.root).toMatchInlineSnapshot(
    `"a9eb3ed816cfc091769a65c0c65439f15d2805db0b856b7d2966b8a42be841e7"`,
  );
});

test("a folder gives back what was written to it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-dataset-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { files, manifest } = build(texts);
  await writeDatasetFolder(folder, files);
  expect(await verifyDataset(openFolder(folder))).toEqual(manifest);
  writeFileSync(join(folder, "train-0.u32"), "x");
  await expect(verifyDataset(openFolder(folder))).rejects.toThrow(code("DATASET_SHARD_MISMATCH"));
  rmSync(join(folder, "train-0.u32"));
  await expect(verifyDataset(openFolder(folder))).rejects.toThrow(code("DATASET_SHARD_MISSING"));
  rmSync(join(folder, DATASET_MANIFEST_FILE));
  await expect(verifyDataset(openFolder(folder))).rejects.toThrow(code("FILE_UNREADABLE"));
});

test("one changed bit of a shard is found", async () => {
  const { files } = build(texts);
  const changed = files.get("train-0.u32")!.slice();
  changed[5]! ^= 1;
  const tampered = new Map(files).set("train-0.u32", changed);
  await expect(verifyDataset(filesOf(tampered))).rejects.toThrow(code("DATASET_SHARD_MISMATCH"));
});

test("a dataset without licence, or without text, is not built", () => {
  expect(() => build(texts, { licence: " " })).toThrow(code("DATASET_LICENCE_MISSING"));
  expect(() => build([])).toThrow(code("DATASET_EMPTY"));
  expect(() => build(texts, { name: "No Such Name" })).toThrow(code("DATASET_MANIFEST_INVALID"));
});

test.each([
  ["another format", { format: "remes/dataset/9" }],
  ["a shard outside of its folder", { file: "../train-0.u32" }],
  ["too many tokens in a shard", { tokens: LIMITS.shardTokensMax + 1 }],
  ["a root that is no hash", { root: "00" }],
  ["an unknown split", { split: "secret" }],
  ["a royalty address of another chain", { royaltyAddress: "cosmos1qqqq" }],
])("a manifest with %s is refused", (_, change) => {
  const { files } = build(texts);
  const manifest = JSON.parse(Buffer.from(files.get(DATASET_MANIFEST_FILE)!).toString());
  const inShard = "file" in change || "tokens" in change || "split" in change;
  Object.assign(inShard ? manifest.shards[0] : manifest, change);
  const sorted = JSON.stringify(manifest, (_key, value) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  expect(() => decodeDatasetManifest(Buffer.from(sorted), "dataset.json")).toThrow(R3mesError);
});

test("no damage to a manifest does worse than a typed error", () => {
  const good = build(texts).files.get(DATASET_MANIFEST_FILE)!;
  const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 3 });
  fc.assert(
    fc.property(damage, (changes) => {
      const bytes = good.slice();
      for (const [at, value] of changes) bytes[at] = value;
      try {
        decodeDatasetManifest(bytes, "dataset.json");
      } catch (error) {
        expect(error).toBeInstanceOf(R3mesError);
      }
    }),
  );
});
