import { expect, test } from "vitest";
import { toHex } from "../encoding/toHex.ts";
import { hexes, readVectors } from "../testing/readVectors.ts";
import {
  adapterRoot,
  backboneRoot,
  datasetRoot,
  operationRoot,
  programRoot,
  stateRoot,
  stateRootOfTree,
  stepsRoot,
  submissionsRoot,
  traceRoot,
  updateRoot,
} from "./roots.ts";

const rootsOfItems: { readonly [kind: string]: (items: readonly Uint8Array[]) => Uint8Array } = {
  operation: operationRoot,
  trace: traceRoot,
  steps: stepsRoot,
  backbone: backboneRoot,
  adapter: adapterRoot,
  dataset: datasetRoot,
  program: programRoot,
  submissions: submissionsRoot,
};

test.each(readVectors("merkle/roots.json"))("$name", (vector) => {
  const found = () => {
    if (vector.kind === "update") {
      const { scales, kept } = vector;
      return updateRoot(
        hexes(vector.roots).map((signsRoot, i) => ({ scale: scales[i], kept: kept[i], signsRoot })),
      );
    }
    if (vector.kind === "state") {
      const [pool, round, chunk] = [vector.pool, vector.round, vector.chunk].map(BigInt);
      const place = { pool: pool!, round: round!, chunk: chunk!, t: vector.t };
      return stateRoot(place, hexes(vector.roots));
    }
    return rootsOfItems[vector.kind]!(hexes(vector.roots ?? vector.records));
  };
  expect(toHex(found())).toBe(vector.root);
});

test("the state before step 1 follows from the root of the adapter version", () => {
  const tensors = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const place = { pool: 1n, round: 1n, chunk: 9n, t: 0 };
  const version = adapterRoot(tensors);
  expect(stateRootOfTree(place, version)).toEqual(stateRoot(place, tensors));
});
