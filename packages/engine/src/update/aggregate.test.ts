import { R3mesError } from "@r3mes/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { aggregate } from "./aggregate.ts";
import type { TensorUpdate } from "./updateLayout.ts";
import { updateScaleMax, updatesPerRoundMax } from "./updateLayout.ts";

function sends(scale: number, changes: Record<number, 1 | -1>): TensorUpdate {
  const indices = Object.keys(changes).map(Number);
  return {
    scale,
    indices: Uint32Array.from(indices),
    negative: Uint8Array.from(indices, (i) => (changes[i] === -1 ? 1 : 0)),
  };
}

function mean(elements: number, ...tensors: TensorUpdate[]): number[] {
  const means = aggregate(
    { elements: [elements], keptPerMille: 500 },
    tensors.map((t) => [t]),
  );
  return [...means[0]!];
}

test("sums votes and rounds the mean half away from zero", () => {
  expect(mean(4, sends(1, { 0: 1, 2: -1 }), sends(1, { 3: 1 }))).toEqual([1, 0, -1, 1]);
  expect(mean(2, sends(10, { 0: 1 }), sends(10, { 0: 1 }), sends(10, { 1: -1 }))).toEqual([7, -3]);
});

test("a worker that scales its update by a hundred has one vote", () => {
  const honest = [sends(100, { 0: 1 }), sends(110, { 0: 1 }), sends(120, { 0: 1 })];
  const hostile = sends(10_000, { 0: -1 });
  // The lower median of 100, 110, 120, 10000 is 110.
  expect(mean(1, ...honest, hostile)).toEqual([Math.round((100 + 110 + 110 - 110) / 4)]);
});

test("a tensor that most workers leave empty cannot be moved by one", () => {
  expect(mean(1, sends(0, {}), sends(0, {}), sends(5000, { 0: 1 }))).toEqual([0]);
});

test("the order of the workers does not matter", () => {
  const tensor = fc
    .tuple(
      fc.integer({ min: 1, max: updateScaleMax }),
      fc.dictionary(fc.constantFrom("0", "1", "2"), fc.constantFrom(1, -1)),
    )
    .map(([scale, changes]) =>
      sends(Object.keys(changes).length === 0 ? 0 : scale, changes as Record<number, 1 | -1>),
    );
  fc.assert(
    fc.property(fc.array(tensor, { minLength: 1, maxLength: 9 }), (tensors) => {
      expect(mean(3, ...[...tensors].reverse())).toEqual(mean(3, ...tensors));
    }),
  );
});

test("the largest round of the largest scales does not overflow", () => {
  const tensors = Array.from({ length: updatesPerRoundMax }, () =>
    sends(updateScaleMax, { 0: -1 }),
  );
  expect(mean(1, ...tensors)).toEqual([-updateScaleMax]);
});

test("no update and too many updates are refused", () => {
  const layout = { elements: [1], keptPerMille: 500 };
  const many = Array.from({ length: updatesPerRoundMax + 1 }, () => [sends(1, { 0: 1 })]);
  for (const updates of [[], many]) {
    expect(() => aggregate(layout, updates)).toThrow(R3mesError);
  }
});
