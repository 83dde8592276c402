import fc from "fast-check";
import { expect, test } from "vitest";
import { selectLargest } from "./selectLargest.ts";

/** The definition: sort everything. */
function bySorting(magnitudes: Uint32Array, count: number): number[] {
  return [...magnitudes.keys()]
    .filter((i) => magnitudes[i] !== 0)
    .sort((a, b) => magnitudes[b]! - magnitudes[a]! || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
}

test("equals the definition by sorting, with many ties and extremes", () => {
  const magnitude = fc.oneof(
    fc.integer({ min: 0, max: 4 }),
    fc.constantFrom(0, 1, 0xffff, 0x10000, 0x10001, 0x80000000, 0xffffffff),
    fc.integer({ min: 0, max: 0xffffffff }),
  );
  fc.assert(
    fc.property(
      fc.array(magnitude, { maxLength: 300 }),
      fc.integer({ min: 0, max: 320 }),
      (list, count) => {
        const magnitudes = Uint32Array.from(list);
        expect([...selectLargest(magnitudes, count)]).toEqual(bySorting(magnitudes, count));
      },
    ),
  );
});

test("ties go to the lower index", () => {
  expect([...selectLargest(Uint32Array.of(5, 7, 5, 7, 5), 3)]).toEqual([0, 1, 3]);
});

test("zeros are never chosen", () => {
  expect([...selectLargest(Uint32Array.of(0, 0, 1), 3)]).toEqual([2]);
  expect([...selectLargest(new Uint32Array(4), 2)]).toEqual([]);
});
