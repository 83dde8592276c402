import { expect, test } from "vitest";
import { masterCodes, meanMagnitude, packedCodes } from "./ternaryRows.ts";

const place = { file: "model.safetensors", tensor: "w" };
const rowsOf = (code: ReturnType<typeof packedCodes>, rows: number, columns: number) =>
  Array.from({ length: rows }, (_, row) => {
    const codes = new Uint8Array(columns);
    code(row, codes);
    return [...codes];
  });

test("the published packing of eight rows is read back", () => {
  // -1, 0, 1, 1, 0, 0, -1, 1 as transformers' pack_weights writes them.
  const codes = packedCodes(Uint8Array.of(24, 153), { rows: 8, columns: 1 }, place);
  expect(rowsOf(codes, 8, 1).flat()).toEqual([0, 1, 2, 2, 1, 1, 0, 2]);
});

test("a pair that is no ternary weight is refused where it stands", () => {
  const codes = packedCodes(Uint8Array.of(0, 0b00110000), { rows: 4, columns: 2 }, place);
  expect(() => rowsOf(codes, 4, 2)).toThrow(
    expect.objectContaining({
      code: "CHECKPOINT_VALUE_INVALID",
      facts: expect.objectContaining({ tensor: "w", row: 2, column: 1 }),
    }),
  );
});

test("master weights are rounded at half of their mean, halves to zero", () => {
  const weights = Float32Array.of(0.5, -0.5, 0.51, -0.51, 3, -1, 0.001, 1.979);
  expect(meanMagnitude(weights)).toBe(1);
  expect(rowsOf(masterCodes(weights, 8, 1), 1, 8)[0]).toEqual([1, 1, 2, 0, 2, 0, 1, 2]);
});

test("a matrix of zeros has the least mean, not a division by zero", () => {
  const weights = new Float32Array(4);
  expect(meanMagnitude(weights)).toBe(Math.fround(1e-5));
  expect(rowsOf(masterCodes(weights, 4, meanMagnitude(weights)), 1, 4)[0]).toEqual([1, 1, 1, 1]);
});
