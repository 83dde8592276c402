import { packBlock } from "@r3mes/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { packRowsP16, transposeP16 } from "./packP16.ts";

const matrices = fc
  .record({ rows: fc.integer({ min: 1, max: 4 }), columns: fc.integer({ min: 1, max: 4 }) })
  .chain(({ rows, columns }) => {
    const size = 256 * rows * columns;
    const weights = fc.array(fc.constantFrom(-1, 0, 1), { minLength: size, maxLength: size });
    return fc.record({
      rows: fc.constant(16 * rows),
      columns: fc.constant(16 * columns),
      weights,
    });
  });

const at = (m: { columns: number; weights: number[] }) => (row: number, column: number) =>
  m.weights[row * m.columns + column]!;

test("rows are packed as the engine reads them", () => {
  fc.assert(
    fc.property(matrices, (m) => {
      const codes = Uint8Array.from(m.weights, (weight) => weight + 1);
      const packed: number[] = [];
      for (let row = 0; row < m.rows; row += 16) {
        packed.push(...packRowsP16(codes.subarray(row * m.columns), m.columns));
      }
      expect(Uint8Array.from(packed)).toEqual(packBlock("t2", m.rows, m.columns, at(m)));
    }),
    { numRuns: 20 },
  );
});

test("a transpose is the packed transpose", () => {
  fc.assert(
    fc.property(matrices, (m) => {
      const storage = packBlock("t2", m.rows, m.columns, at(m));
      const turned = packBlock("t2", m.columns, m.rows, (row, column) => at(m)(column, row));
      expect(transposeP16(storage, m.rows, m.columns)).toEqual(turned);
    }),
    { numRuns: 20 },
  );
});
