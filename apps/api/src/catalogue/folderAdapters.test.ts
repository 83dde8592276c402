import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildTrainingProgram, initialFactors, LINEARS, type ModelManifest } from "@r3mes/models";
import { TINY_SHAPE } from "@r3mes/models/testing";
import { encodeManifest, toHex } from "@r3mes/protocol";
import { encodeAdapter, freshAdapter, rootOfAdapterFile } from "@r3mes/training";
import { expect, onTestFinished, test } from "vitest";
import { createFolderAdapters } from "./folderAdapters.ts";

const code = (name: string) => expect.objectContaining({ code: name });
const model = {
  architecture: { kind: "bitnet-b1.58", ...TINY_SHAPE },
  backbone: { bytes: 1, root: "aa".repeat(32) },
} as unknown as ModelManifest;
const shape = { rank: 4, alpha: 8, targets: LINEARS };
const program = buildTrainingProgram(TINY_SHAPE, {
  ...{ sequences: 1, length: 1, adapter: shape },
  optimizer: "adam",
});

function setup() {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-adapters-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const bytes = encodeAdapter(
    freshAdapter({ program }, initialFactors(program, { low: 3, high: 0 })),
  );
  const root = toHex(rootOfAdapterFile(program, bytes));
  const write = (name: string, change: object = {}, file = bytes) => {
    mkdirSync(join(folder, name));
    const manifest = {
      ...{ format: "remes/local-adapter/1", model: model.backbone.root, root },
      ...{ rank: 4, alpha: 8, optimizer: "adam" },
      ...change,
    };
    writeFileSync(join(folder, name, "adapter.json"), encodeManifest(manifest));
    writeFileSync(join(folder, name, "adapter.bin"), file);
  };
  return { folder, write, bytes, root, adapters: createFolderAdapters(folder, model) };
}

test("adapters of the model are served by their names, and one that appears later too", async () => {
  const { adapters, write, bytes, root, folder } = setup();
  expect(adapters.models()).toEqual([]);
  write("whale");
  write("other", { model: "bb".repeat(32) });
  mkdirSync(join(folder, "empty"));
  expect(adapters.models()).toEqual([
    {
      id: "local/whale",
      adapter: root,
      adapterId: null,
      status: "local",
      createdS: expect.any(Number),
    },
  ]);
  expect(await adapters.file(root)).toEqual({ shape, bytes });
  await expect(adapters.file("00")).rejects.toThrow(code("ADAPTER_NOT_FOUND"));
});

test("a file that is not what its manifest names is refused", async () => {
  const { adapters, write, bytes, root } = setup();
  write("changed", {}, bytes.with(0, bytes[0]! ^ 1));
  await expect(adapters.file(root)).rejects.toThrow(code("ADAPTER_DAMAGED"));
});

test("without a folder there are none", () => {
  expect(createFolderAdapters(undefined, model).models()).toEqual([]);
  expect(createFolderAdapters("/nowhere", model).models()).toEqual([]);
});
