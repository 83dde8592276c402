import fc from "fast-check";
import { expect, test } from "vitest";
import { regroup } from "./regroup.ts";

test("pieces of any sizes come in pieces of one size, in their order", async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 1, max: 16 }), async (lengths, size) => {
      let next = 0;
      const pieces = lengths.map((length) => Uint8Array.from({ length }, () => next++));
      const groups: number[][] = [];
      for await (const group of regroup(pieces, size)) groups.push([...group]);
      expect(groups.flat()).toEqual(pieces.flatMap((piece) => [...piece]));
      expect(groups.slice(0, -1).every(({ length }) => length === size)).toBe(true);
      expect(groups.every(({ length }) => length >= 1 && length <= size)).toBe(true);
    }),
  );
});
