import { describe, expect, it } from "vitest";
import type { Tensor } from "../program/program.ts";
import { requireTernary } from "./requireBytes.ts";

const tensor = { name: "w", dtype: "t2", rows: 1, columns: 44 } as Tensor;

/** Eleven bytes at an offset, all of whose codes are 0 to 2, but for what is set. */
function codesAt(offset: number, set: Readonly<Record<number, number>> = {}): Uint8Array {
  const bytes = new Uint8Array(new ArrayBuffer(32), offset, 11).fill(0b10_01_00_10);
  for (const [place, byte] of Object.entries(set)) bytes[Number(place)] = byte;
  return bytes;
}

describe("requireTernary", () => {
  it.each([0, 1, 2, 3])("takes codes 0 to 2, at offset %d", (offset) => {
    expect(() => requireTernary(tensor, codesAt(offset))).not.toThrow();
  });

  for (const offset of [0, 3]) {
    for (const place of [0, 5, 7, 10]) {
      it.each([0, 2, 4, 6])(`names byte ${place} at offset ${offset} with a 3 at bit %d`, (bit) => {
        const bytes = codesAt(offset, { [place]: 3 << bit, 10: 0b11 });
        expect(() => requireTernary(tensor, bytes)).toThrow(
          expect.objectContaining({ facts: { tensor: "w", value: "2", place } }),
        );
      });
    }
  }
});
