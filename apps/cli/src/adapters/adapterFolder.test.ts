import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listWeights, type ModelManifest } from "@r3mes/models";
import { TINY_SHAPE } from "@r3mes/models/testing";
import { toHex } from "@r3mes/protocol";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { createLocalRun } from "../training/localRun.ts";
import { findAdapterFolder, readAdapterFolder, writeAdapterFolder } from "./adapterFolder.ts";

const root = toHex(new Uint8Array(32).fill(7));
const model: ModelManifest = {
  format: "remes/model/1",
  name: "tiny",
  source: "a seed",
  licence: "CC0-1.0",
  architecture: { kind: "bitnet-b1.58", ...TINY_SHAPE },
  backbone: { bytes: 1, root },
  weights: listWeights(TINY_SHAPE).map(({ name }) => ({ name, root })),
};
const run = createLocalRun(
  {
    ...{ model: root, dataset: root, steps: 1, rank: 4, alpha: 8, optimizer: "adam" },
    ...{ rate: 1, warmUp: 1, sequences: 2, length: 16, seed: 1 },
  },
  TINY_SHAPE,
  { dataset: "tiny", split: "train", tokens: 1000 },
);
const code = (name: string) => expect.objectContaining({ code: name });

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "r3mes-adapter-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeAdapterFolder(folder, run, run.firstAdapter, root);
});

test("what was written is read: shape and factors, without the momenta", () => {
  const { shape, tensors } = readAdapterFolder(folder, model);
  expect(shape).toEqual(run.adapterShape);
  expect(tensors.size).toBe(run.firstAdapter.factors.length);
  const first = tensors.get("layers.0.q.a")!;
  expect(new Int32Array(first.slice().buffer)).toEqual(run.firstAdapter.factors[0]);
});

test("changed factors, a changed manifest and another model are refused", () => {
  const factors = join(folder, "adapter.bin");
  const bytes = readFileSync(factors);
  const changed = Uint8Array.from(bytes);
  changed[5]! ^= 1;
  writeFileSync(factors, changed);
  expect(() => readAdapterFolder(folder, model)).toThrow(code("ADAPTER_DAMAGED"));
  writeFileSync(factors, bytes.subarray(4));
  expect(() => readAdapterFolder(folder, model)).toThrow(code("ADAPTER_FILE_INVALID"));
  rmSync(factors);
  expect(() => readAdapterFolder(folder, model)).toThrow(code("ADAPTER_DAMAGED"));
  writeFileSync(factors, bytes);
  const other = { ...model, backbone: { bytes: 1, root: "00".repeat(32) } };
  expect(() => readAdapterFolder(folder, other)).toThrow(code("ADAPTER_OF_OTHER_MODEL"));
  for (const text of ["", "{}", "null", "[1]"]) {
    writeFileSync(join(folder, "adapter.json"), text);
    expect(() => readAdapterFolder(folder, model)).toThrow(code("ADAPTER_DAMAGED"));
  }
});

test("an adapter is found by its path or by its name in the state folder", () => {
  const host = { cwd: folder } as Parameters<typeof findAdapterFolder>[1]["host"];
  const context = { home: join(folder, "home"), host, json: false };
  expect(findAdapterFolder(".", context)).toBe(folder);
  expect(() => findAdapterFolder("none", context)).toThrow(code("ADAPTER_UNKNOWN"));
});
