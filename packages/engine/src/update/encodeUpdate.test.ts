import { readFileSync } from "node:fs";
import { R3mesError } from "@r3mes/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compress } from "./compress.ts";
import { decodeUpdate } from "./decodeUpdate.ts";
import { encodeUpdate } from "./encodeUpdate.ts";
import { keptMax, type Update, type UpdateLayout, updateScaleMax } from "./updateLayout.ts";

const layoutArbitrary: fc.Arbitrary<UpdateLayout> = fc.record({
  elements: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 4 }),
  keptPerMille: fc.integer({ min: 1, max: 500 }),
});

const updateArbitrary = layoutArbitrary.chain((layout) =>
  fc
    .tuple(
      ...layout.elements.map((elements) =>
        fc.record({
          indices: fc.uniqueArray(fc.integer({ min: 0, max: elements - 1 }), {
            maxLength: keptMax(elements, layout.keptPerMille),
          }),
          scale: fc.integer({ min: 1, max: updateScaleMax }),
          signs: fc.infiniteStream(fc.integer({ min: 0, max: 1 })),
        }),
      ),
    )
    .map((tensors) => ({
      layout,
      update: tensors.map(({ indices, scale, signs }) => ({
        scale: indices.length === 0 ? 0 : scale,
        indices: Uint32Array.from(indices.sort((a, b) => a - b)),
        negative: Uint8Array.from(indices, () => signs.next().value),
      })),
    })),
);

function codeOf(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof R3mesError) return error.code;
    throw error;
  }
}

test("decoding gives back the update, for any update of any layout", () => {
  fc.assert(
    fc.property(updateArbitrary, ({ layout, update }) => {
      expect(decodeUpdate(layout, encodeUpdate(layout, update))).toEqual(update);
    }),
  );
});

test("what is accepted is the one encoding of its update, for any bytes", () => {
  const mutated = fc.tuple(updateArbitrary, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(3));
  fc.assert(
    fc.property(mutated, ([{ layout, update }, position, value, growth]) => {
      const honest = encodeUpdate(layout, update);
      const bytes = new Uint8Array(honest.length + (growth === 0 ? 1 : 0));
      bytes.set(honest);
      bytes[position % bytes.length] = value;
      const code = codeOf(() => decodeUpdate(layout, bytes));
      if (code === null) expect(encodeUpdate(layout, decodeUpdate(layout, bytes))).toEqual(bytes);
      else expect(code).toMatch(/^UPDATE_/);
    }),
    { numRuns: 500 },
  );
});

test("every truncation is refused", () => {
  const layout = { elements: [40, 7], keptPerMille: 500 };
  const before = layout.elements.map((n) => Int32Array.from({ length: n }, (_, i) => i * i - 50));
  const update = compress(
    layout,
    before,
    layout.elements.map((n) => new Int32Array(n)),
  );
  const bytes = encodeUpdate(layout, update);
  for (let length = 0; length < bytes.length; length += 1) {
    expect(codeOf(() => decodeUpdate(layout, bytes.subarray(0, length)))).toMatch(/^UPDATE_/);
  }
});

test("each rule of the format is refused by its own reason", () => {
  const layout = { elements: [8], keptPerMille: 250 }; // keeps at most 2, Rice parameter 1
  const bytes = (...list: number[]) => Uint8Array.from(list);
  const good = bytes(1, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0b000);
  expect(codeOf(() => decodeUpdate(layout, good))).toBe(null);
  const refused: Record<string, Uint8Array> = {
    "two tensors": bytes(2, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0b000),
    "keeps 3": bytes(1, 0, 0, 0, 9, 0, 0, 0, 3, 0, 0, 0, 0, 0),
    "scale above the limit": bytes(1, 0, 0, 0, 1, 0, 64, 0, 1, 0, 0, 0, 0),
    "scale without elements": bytes(1, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0),
    "elements without scale": bytes(1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0),
    "element 8 of 8": bytes(1, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0b001111),
    "a run longer than the tensor": bytes(1, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 255, 255),
    "padding that is not zero": bytes(1, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0b1000000),
    "a byte after the end": bytes(1, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0),
  };
  for (const [what, hostile] of Object.entries(refused)) {
    expect(
      codeOf(() => decodeUpdate(layout, hostile)),
      what,
    ).toMatch(/^UPDATE_/);
  }
});

interface Vector {
  readonly name: string;
  readonly elements: number[];
  readonly keptPerMille: number;
  readonly before: number[][];
  readonly after: number[][];
  readonly update: {
    readonly scale: number;
    readonly indices: number[];
    readonly negative: number[];
  }[];
  readonly bytes: string;
}

test("the vectors of the specification hold", () => {
  const file = new URL("../../../../spec/vectors/update/encoding.json", import.meta.url);
  const { cases } = JSON.parse(readFileSync(file, "utf8")) as { readonly cases: Vector[] };
  expect(cases.length).toBeGreaterThan(3);
  for (const { name, before, after, update, bytes, ...layout } of cases) {
    const expected: Update = update.map((tensor) => ({
      scale: tensor.scale,
      indices: Uint32Array.from(tensor.indices),
      negative: Uint8Array.from(tensor.negative),
    }));
    const toArrays = (lists: number[][]) => lists.map((list) => Int32Array.from(list));
    expect(compress(layout, toArrays(before), toArrays(after)), name).toEqual(expected);
    expect(Buffer.from(encodeUpdate(layout, expected)).toString("hex"), name).toBe(bytes);
    expect(decodeUpdate(layout, Buffer.from(bytes, "hex")), name).toEqual(expected);
  }
});

test("at the default density an update is more than 58 times smaller than fp32 factors", () => {
  const elements = 1 << 16;
  const layout = { elements: [elements], keptPerMille: 90 };
  let state = 1;
  const before = Int32Array.from({ length: elements }, () => {
    state = (Math.imul(state, 0x9e3779b1) + 0x7f4a7c15) | 0;
    return Math.imul(state ^ (state >>> 15), 0x85ebca6b) >> 8;
  });
  const update = compress(layout, [before], [new Int32Array(elements)]);
  expect((4 * elements) / encodeUpdate(layout, update).length).toBeGreaterThan(58);
});
