import fc from "fast-check";
import { expect, test } from "vitest";
import { bfloat16 } from "../testing/safetensorsFile.ts";
import { floatsOf } from "./floatsOf.ts";
import { quantiseGain } from "./gains.ts";
import { headExponent, quantiseHeadRow, residualsOf } from "./quantiseEmbedding.ts";
import { scaleOf } from "./scaleOf.ts";

const read = (type: "BF16" | "F16" | "F32", bytes: Uint8Array) => [
  ...floatsOf(bytes, { name: "t", type }, "f"),
];
const positive = fc.double({ min: 1e-30, max: 1e30, noNaN: true });

test("bfloat16, halves and floats are read exactly", () => {
  expect(read("BF16", bfloat16([1, -0.5, 3.140625]))).toEqual([1, -0.5, 3.140625]);
  const halves = new Uint8Array(
    Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x03ff, 0x8000, 0x7bff).buffer,
  );
  expect(read("F16", halves)).toEqual([1, -2, 2 ** -24, 1023 * 2 ** -24, -0, 65504]);
  const floats = Float32Array.of(0.1, -7e-42);
  expect(read("F32", new Uint8Array(floats.buffer))).toEqual([...floats]);
});

test("NaN and infinities are refused", () => {
  for (const bits of [0x7f80, 0xff80, 0x7fc1]) {
    expect(() => read("BF16", new Uint8Array(Uint16Array.of(bits).buffer))).toThrow(
      expect.objectContaining({ code: "CHECKPOINT_VALUE_INVALID" }),
    );
  }
});

test("a scale keeps fifteen bits", () => {
  fc.assert(
    fc.property(positive, (value) => {
      const scale = scaleOf(value);
      expect(scale.mantissa).toBeGreaterThanOrEqual(1 << 14);
      expect(scale.mantissa).toBeLessThan(1 << 15);
      const held = scale.mantissa * 2 ** -scale.exponent;
      expect(Math.abs(held / value - 1)).toBeLessThanOrEqual(2 ** -15);
    }),
  );
  expect(scaleOf(0.99999999)).toEqual({ mantissa: 16384, exponent: 14 });
});

test("a row of the head comes back within half a code", () => {
  const rows = fc.array(fc.float({ min: -4, max: 4, noNaN: true }), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(rows, fc.double({ min: 1, max: 1000, noNaN: true }), (values, times) => {
      const row = Float32Array.from(values);
      const largest = Math.max(...row.map(Math.abs), 2 ** -20);
      const exponent = headExponent(largest * times);
      const { codes, mantissa } = quantiseHeadRow(row, exponent);
      const unit = mantissa * 2 ** -exponent;
      for (const [i, value] of row.entries()) {
        expect(Math.abs(codes[i]! * unit - value)).toBeLessThanOrEqual(unit * 0.5000001);
      }
    }),
  );
});

test("the widest row of a head gets a mantissa of fifteen bits", () => {
  fc.assert(
    fc.property(positive, (largest) => {
      const row = Float32Array.of(largest);
      fc.pre(Number.isFinite(row[0]!) && row[0]! > 0);
      const { mantissa } = quantiseHeadRow(row, headExponent(row[0]!));
      expect(mantissa).toBeGreaterThanOrEqual(16384);
      expect(mantissa).toBeLessThanOrEqual(32767);
    }),
  );
});

test("residuals round to the nearest and must fit 30 bits", () => {
  const refused = (position: number): never => {
    throw new RangeError(`value ${position}`);
  };
  const rows = residualsOf(Float32Array.of(1.5, -(2 ** -17), 16383.9), refused);
  expect([...new Int32Array(rows.buffer)]).toEqual([98304, 0, 1073735296]);
  expect(() => residualsOf(Float32Array.of(1, 16384), refused)).toThrow("value 1");
});

test("gains over eight are halved, and say how often", () => {
  expect(quantiseGain(Float32Array.of(1, -7.9))).toMatchObject({ shift: 0 });
  const { storage, shift } = quantiseGain(Float32Array.of(1, -20));
  expect(shift).toBe(2);
  expect([...new Int16Array(storage.buffer)]).toEqual([1024, -20480]);
});
