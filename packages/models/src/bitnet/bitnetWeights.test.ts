import {
  layoutOf,
  type Program,
  programOrder,
  recordsOf,
  sourceOf,
  tileBytes,
  treeOfTensor,
  weightBytes,
} from "@r3mes/engine";
import { nodeSha256 } from "@r3mes/engine/node";
import { closureOf } from "@r3mes/engine/testing";
import {
  buildTree,
  fromHex,
  proveSlot,
  proveSlots,
  verifyListItem,
  verifyTiles,
} from "@r3mes/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listWeights } from "../model/listWeights.ts";
import { GENESIS_FOLDER } from "../node/genesisFolder.ts";
import { type OpenedModel, openModelFolder } from "../node/openModelFolder.ts";
import { LINEARS } from "./bitnetShape.ts";
import { bitnetWeights } from "./bitnetWeights.ts";
import { buildForwardProgram, buildTrainingProgram } from "./buildBitnet.ts";
import { TINY_ADAPTER, TINY_SHAPE } from "./tinyTraining.ts";

let model: OpenedModel;
let program: Program;

beforeAll(async () => {
  model = await openModelFolder(GENESIS_FOLDER);
  const shape = model.manifest.architecture;
  const adapter = { rank: 16, alpha: 32, targets: LINEARS };
  const options = { sequences: 8, length: 256, adapter, optimizer: "adam" } as const;
  program = buildTrainingProgram(shape, options);
});

afterAll(() => model.close());

test.each(["linear", "linear.backward", "norm.quantise", "heads.rotate", "head.score"])(
  "weight tiles that a tile of %s reads open under the root of the shipped model",
  async (kind) => {
    const facts = programOrder(program);
    const roots = model.manifest.weights.map(({ root }) => fromHex(root));
    const backbone = {
      tag: "remes/backbone/1",
      count: facts.weights,
      root: fromHex(model.manifest.backbone.root),
    } as const;
    const record = recordsOf(program).find(({ operation }) => operation.kind === kind)!;
    const inputs = closureOf(program, record, 0, () => {
      throw new RangeError("the closure depends on no data");
    }).filter(({ tensor }) => sourceOf(facts, tensor).from === "weight");
    expect(inputs).not.toEqual([]);
    for (const { tensor, tiles } of inputs) {
      const bytes = await weightBytes(program, model.weight, tensor);
      const siblings = proveSlots(treeOfTensor(program, tensor, bytes, nodeSha256), tiles);
      const opened = tiles.map((index) => tileBytes(program.tensors[tensor]!, bytes, index));
      const root = roots[tensor]!;
      verifyTiles(
        { ...layoutOf(program, tensor), root },
        { indices: tiles, bytes: opened, siblings },
      );
      verifyListItem(backbone, {
        index: tensor,
        slot: root,
        siblings: proveSlot(buildTree(roots), tensor),
      });
    }
  },
);

test("every program lists the weights of its model in one order", () => {
  const weights = bitnetWeights(TINY_SHAPE);
  expect(listWeights(TINY_SHAPE).map(({ name }) => name)).toEqual(weights.map(({ name }) => name));
  const forward = buildForwardProgram(TINY_SHAPE, {
    sequences: 1,
    length: 8,
    adapter: TINY_ADAPTER,
  });
  const stored = weights.filter(({ transposeOf }) => transposeOf === undefined);
  expect(forward.tensors.slice(0, stored.length)).toEqual(stored);
  expect(() => programOrder(forward)).toThrow(expect.objectContaining({ code: "PROGRAM_INVALID" }));
});

test("the numbers of a program for training say where each tensor comes from", () => {
  const facts = programOrder(program);
  const roles = {
    weight: "weight",
    state: "state",
    batch: "input",
    constants: "constant",
    trace: "intermediate",
  };
  program.tensors.forEach(({ role }, id) => {
    expect(roles[sourceOf(facts, id).from]).toBe(role);
  });
  const records = recordsOf(program);
  facts.stateWriters.forEach((record, i) => {
    expect(records[record]!.tensor).toBe(facts.weights + i);
  });
});
