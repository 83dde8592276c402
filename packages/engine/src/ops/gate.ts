/**
 * The squared-ReLU gate h = relu(gate)^2 * up, forward and backward (spec/arithmetic.md section 8).
 * Both inputs are i32 Q16 and are cut to 16 bits at the magnitude of their row; the sub-norm that follows removes scale.
 */
import { exponentOf, quantise, ZERO_EXPONENT } from "../arithmetic/alignedQuantise.ts";
import { rsh } from "../arithmetic/integer.ts";
import { defineKind, type Execution, requireShape } from "./kind.ts";
import { band, eachElement, eachRow } from "./regions.ts";

const ROW_BITS = 16;
const Q16 = 16;

type Inputs = Pick<Execution<"gate" | "up" | "gm" | "um", never, never>, "view">;

/** relu(gate) and up of one element, 16 bits each. gm is the magnitude of the positive part. */
function pair(x: Inputs, t: number, i: number): { g: number; u: number } {
  return {
    g: quantise(Math.max(0, x.view.gate.at(t, i)), Q16, x.view.gm.at(t, 0), ROW_BITS),
    u: quantise(x.view.up.at(t, i), Q16, x.view.um.at(t, 0), ROW_BITS),
  };
}

/** Sum of exponents, or ZERO_EXPONENT as soon as one of the factors is a zero row. */
function product(exponents: readonly number[], shift: number): number {
  if (exponents.includes(ZERO_EXPONENT)) return ZERO_EXPONENT;
  return exponents.reduce((sum, e) => sum + e, 0) - shift;
}

/** h = ((g * g) >> 15) * u, exponent 2 eg + eu - 15. |h| < 2^30. */
export const gate = defineKind({
  name: "gate",
  inputs: ["gate", "up", "gm", "um"],
  optional: [],
  outputs: ["h", "e"],
  params: [],
  shape: (s) => {
    requireShape(s.in.gate.columns === s.in.up.columns, "gate and up have the same columns");
    return [
      { rows: s.in.gate.rows, columns: s.in.gate.columns, dtype: "i32" },
      { rows: s.in.gate.rows, columns: 1, dtype: "i16" },
    ];
  },
  bounds: () => [],
  work: () => 0,
  closure: (s) => {
    const scalars = [
      ["gm", [band(s.region, 0, 1)]],
      ["um", [band(s.region, 0, 1)]],
    ] as const;
    if (s.output === 1) return scalars;
    return [["gate", [s.region]], ["up", [s.region]], ...scalars];
  },
  define: [
    (x) =>
      eachElement(x.region, (t, i) => {
        const { g, u } = pair(x, t, i);
        x.set(t, i, ((g * g) >> 15) * u);
      }),
    (x) =>
      eachRow(x.region, (t) => {
        const eg = exponentOf(x.view.gm.at(t, 0), ROW_BITS);
        const eu = exponentOf(x.view.um.at(t, 0), ROW_BITS);
        x.set(t, 0, product([eg, eg, eu], 15));
      }),
  ],
});

/**
 * The gradient towards one side (0 gate, 1 up) from dh, cut to 16 bits.
 * up:   dh * ((g * g) >> 15), exponent edh + 2 eg - 15
 * gate: dh * RSH(g * u, 15),  exponent edh + eg + eu - 16: the derivative's factor 2 is one less
 */
export const gateBackward = defineKind({
  name: "gate.backward",
  inputs: ["dh", "de", "dhm", "gate", "up", "gm", "um"],
  optional: [],
  outputs: ["d", "e"],
  params: ["side"],
  shape: (s) => {
    requireShape(s.params.side === 0 || s.params.side === 1, "side is 0 or 1");
    return [
      { rows: s.in.gate.rows, columns: s.in.gate.columns, dtype: "i32" },
      { rows: s.in.gate.rows, columns: 1, dtype: "i16" },
    ];
  },
  bounds: () => [],
  work: () => 0,
  closure: (s) => {
    const scalars = [
      ["dhm", [band(s.region, 0, 1)]],
      ["gm", [band(s.region, 0, 1)]],
      ["um", [band(s.region, 0, 1)]],
    ] as const;
    if (s.output === 1) return scalars;
    return [
      ["dh", [s.region]],
      ["de", [band(s.region, 0, 1)]],
      ["gate", [s.region]],
      ["up", [s.region]],
      ...scalars,
    ];
  },
  define: [
    (x) =>
      eachElement(x.region, (t, i) => {
        const { g, u } = pair(x, t, i);
        const dh = quantise(x.view.dh.at(t, i), x.view.de.at(t, 0), x.view.dhm.at(t, 0), ROW_BITS);
        x.set(t, i, dh * (x.params.side === 1 ? (g * g) >> 15 : rsh(g * u, 15)));
      }),
    (x) =>
      eachRow(x.region, (t) => {
        const edh = exponentOf(x.view.dhm.at(t, 0), ROW_BITS);
        const eg = exponentOf(x.view.gm.at(t, 0), ROW_BITS);
        const eu = exponentOf(x.view.um.at(t, 0), ROW_BITS);
        x.set(t, 0, x.params.side === 1 ? product([edh, eg, eg], 15) : product([edh, eg, eu], 16));
      }),
  ],
});
