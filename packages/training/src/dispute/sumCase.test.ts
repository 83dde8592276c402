import { readFileSync } from "node:fs";
import { stateTensors } from "@r3mes/engine";
import { sumTileBytes } from "@r3mes/engine/testing";
import { hashBytes, LIMITS, treeDepth } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { disputeFolder } from "../testing/disputeVectors.ts";
import { alteredSum, sumVectors, tinyRounds } from "../testing/sumVectors.ts";
import type { Claim } from "./claim.ts";
import {
  executionOfSum,
  pinpointSumTensor,
  pinpointSumTile,
  postSumTensors,
  postSumTiles,
  sumOf,
} from "./sumCase.ts";

const { second } = tinyRounds();

const root = (stage: "tensors" | "tiles"): Claim => ({
  stage,
  isRoot: true,
  height: 0,
  index: 0,
  hash: new Uint8Array(32),
});

test("the cases of the vectors are what these rules give", () => {
  const file = JSON.parse(readFileSync(new URL("sum.json", disputeFolder), "utf8"));
  expect(file.cases).toEqual(JSON.parse(JSON.stringify(sumVectors().cases)));
});

test("the first wrong tensor and tile of a sum are named, and nothing of a right one", () => {
  for (const [part, factor, place] of [
    ["adapter", 6, 18], // each factor is followed by two tensors of its optimizer
    ["momentum", 6, 6],
  ] as const) {
    const truth = sumOf(second, part);
    const lie = { ...truth, after: alteredSum(truth.after, part, factor, 35) };
    const named = (stated: typeof truth) =>
      pinpointSumTensor(root("tensors"), postSumTensors(root("tensors"), stated).children, truth);
    expect(named(truth)).toBeNull();
    expect(named(lie)).toBe(place);
    const tiles = postSumTiles(root("tiles"), lie, place);
    expect(tiles.record!.bytes.length).toBeGreaterThan(0);
    expect(pinpointSumTile(root("tiles"), tiles.children, truth, place)).not.toBeNull();
    const right = postSumTiles(root("tiles"), truth, place);
    expect(pinpointSumTile(root("tiles"), right.children, truth, place)).toBeNull();
  }
});

test("what an optimizer keeps begins at zero, and needs no inputs", () => {
  expect(executionOfSum(second, "adapter", 1, 0)).toEqual({ inputs: [], shards: [] });
});

test("a tile of a sum fits its message, however many updates a round has", () => {
  const { updates } = executionOfSum(second, "adapter", 0, 0);
  // The deepest trees that the protocol allows: 2,048 factors, and 2^22 elements in tiles of 512.
  const proofs = 32 * (11 + 13);
  const bytes = updates![0]!.tensor.content.length + 4 + 512 + proofs;
  const tile = 2 * (4 * 512 + 32 * (13 + 12));
  expect(LIMITS.chunksPerRoundMax * bytes + tile).toBeLessThanOrEqual(LIMITS.sumInputBytesMax);
});

test("a program is checked for the bytes that the execution of a tile of its sum brings", () => {
  const { program } = second.plan;
  const { inputs, updates } = executionOfSum(second, "adapter", 0, 0);
  const brought = [
    ...inputs.map(({ payload, siblings, tensor }) => ({
      bytes: payload.length,
      nodes: siblings.length + tensor.siblings.length,
    })),
    ...updates!.map(({ tensor, signs }) => ({
      bytes: tensor.content.length + signs.content.length,
      nodes: tensor.proof.siblings.length + signs.proof.siblings.length,
    })),
  ];
  const states = stateTensors(program);
  // All but the tile of the state itself stand in lists of factors alone, whose paths are shorter.
  const spared = treeDepth(states.length) - treeDepth(states.length / 3);
  const nodes = brought.reduce((sum, part) => sum + part.nodes, spared * (brought.length - 1));
  const bytes = brought.reduce((sum, part) => sum + part.bytes, hashBytes * nodes);
  const tensor = program.tensors[states[0]!]!;
  expect(sumTileBytes(tensor, states.length, updates!.length)).toBe(bytes);
});
