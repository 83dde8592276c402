/**
 * RMSNorm with a gain, followed by absmax int8, forward and backward (spec/arithmetic.md section 5).
 *
 * The norm is scale-free: the row is cut to 16 bits at its own magnitude, the sum of squares is exact, and one integer
 * reciprocal root serves the row. The inverse root is never applied to the int8 codes, whose scale is the row's maximum m:
 * a code q stands for q * m * 2^-12 / 127.
 */
import {
  exponentOf,
  NO_MAGNITUDE,
  quantise,
  ZERO_EXPONENT,
} from "../arithmetic/alignedQuantise.ts";
import {
  bitLength,
  clamp,
  divFloor,
  divRound,
  isqrt,
  pow2,
  rsh,
  sat30,
} from "../arithmetic/integer.ts";
import {
  type Bound,
  type Closure,
  defineKind,
  type Execution,
  type Opening,
  requireShape,
  WIDE_MAX,
} from "./kind.ts";
import { band, blockOf, chunks, columnsOf, eachColumn, eachElement, eachRow } from "./regions.ts";

const ROW_BITS = 16;

/** 1 / rms of a row in 16-bit units: root * 2^(shift - 31), where shift is 19 less than the shift of xhat. */
export interface NormScale {
  readonly root: number;
  readonly shift: number;
}

/**
 * The reciprocal root of a row of n values whose 16-bit forms have the sum of squares `squares` >= 2^28:
 * sqrt(n / squares) = root * 2^(shift - 31). The sum is cut to 30 bits by an even shift, so its root is a u15 and the one
 * division is u32 by u15.
 */
export function normScale(squares: number, n: number): NormScale {
  const length = bitLength(squares);
  const cut = length > 30 ? (length - 29) & ~1 : 0;
  const r = Math.max(1, isqrt(divFloor(squares, pow2(cut))));
  const width = isqrt(n * pow2(20));
  const widthShift = bitLength(width) - 16;
  const numerator =
    (widthShift > 0 ? divFloor(width, pow2(widthShift)) : width * pow2(-widthShift)) * 65536;
  const quotient = divFloor(numerator, r);
  const rootShift = bitLength(quotient) - 15;
  return { root: rsh(quotient, rootShift), shift: rootShift + widthShift + 5 - (cut >> 1) };
}

/** What the forward helpers read; each kind below has at least this. */
type Row = Pick<
  Execution<"x" | "m", "e" | "squares" | "gain", "exponent">,
  "in" | "view" | "params"
>;

/** Exponent of row t of x. */
function exponent(x: Row, t: number): number {
  return x.view.e === undefined ? x.params.exponent : x.view.e.at(t, 0);
}

/** Element of x in 16 bits at the magnitude of its row. */
function narrow(x: Row, t: number, i: number): number {
  return quantise(x.view.x.at(t, i), exponent(x, t), x.view.m.at(t, 0), ROW_BITS);
}

/** xhat: the normalised element, Q12. */
function normalised(x: Row, t: number, i: number, scale: NormScale): number {
  return rsh(narrow(x, t, i) * scale.root, 19 - scale.shift);
}

/** xhat times the gain, Q12. */
function gained(x: Row, t: number, i: number, scale: NormScale): number {
  return rsh(normalised(x, t, i, scale) * x.view.gain!.at(0, i), 12);
}

function scaleOf(x: Row, t: number): NormScale {
  return normScale(x.view.squares!.at(t, 0), x.in.x.columns);
}

const isZero = (x: Row, t: number) => x.view.m.at(t, 0) === NO_MAGNITUDE;

/**
 * xhat <= sqrt(n) * 2^12 * (1 + 2^-12): a single element holds at most the whole sum of squares; the factor covers the
 * truncation of two roots and one quotient. The gain is i16, Q12, so |v| <= 8 |xhat| + 1.
 */
function normBounds(n: number): Bound[] {
  const xhat = isqrt(n * pow2(24)) + isqrt(n) + 2;
  return [
    { what: "sum of squares", max: n * 2 ** 30, limit: WIDE_MAX / 2 },
    { what: "xhat x gain", max: xhat * 32768, limit: WIDE_MAX / 2 },
    { what: "gained row maximum m", max: 8 * xhat + 1, limit: 2 ** 23 },
  ];
}

const inputsOf = (
  s: Pick<Opening<"x" | "m", "e" | "squares" | "gain", never>, "in">,
  block: ReturnType<typeof blockOf>,
) =>
  [
    ["x", [block]],
    ["m", [band(block, 0, 1)]],
    ...(s.in.e ? ([["e", [band(block, 0, 1)]]] as const) : []),
    ...(s.in.squares ? ([["squares", [band(block, 0, 1)]]] as const) : []),
    ...(s.in.gain ? ([["gain", [columnsOf(s.in.gain, block)]]] as const) : []),
  ] as Closure;

/** Sum of squares of the 16-bit row, over chunks of columns. m is the magnitude of the row. */
export const normSquares = defineKind({
  name: "norm.squares",
  inputs: ["x", "m"],
  optional: ["e"],
  outputs: ["squares"],
  params: ["chunk", "exponent"],
  shape: (s) => {
    requireShape(s.in.m.rows === s.in.x.rows, "m has a row for each row of x");
    return [{ rows: s.in.x.rows, columns: chunks(s.in.x.columns, s.params.chunk), dtype: "i64" }];
  },
  bounds: (s) => normBounds(s.in.x.columns),
  work: () => 0,
  closure: (s) => inputsOf(s, blockOf(s.in.x, s.region, 1, s.params.chunk)),
  define: [
    (x) =>
      eachElement(x.region, (t, c) => {
        const end = Math.min(x.in.x.columns, (c + 1) * x.params.chunk);
        let sum = 0;
        for (let i = c * x.params.chunk; i < end; i++) sum += narrow(x, t, i) ** 2;
        x.set(t, c, sum);
      }),
  ],
});

/** Fraction bits of the parameter `epsilon`. */
const EPSILON_BITS = 40;
/** How far the share of an epsilon is shifted up for a small row, and the most that it becomes. */
const EPSILON_SHIFT_MAX = 16;
const EPSILON_SUM_MAX = pow2(51);

/**
 * The sum of squares of a row with an epsilon added to their mean: S + min(2^51, RSH(columns * epsilon, max(10 + 2 m, -16))).
 * `epsilon` is Q40 and becomes a square in the row's 16-bit units, whose exponent is 15 - m. Everything that reads the sum
 * (the norm, and its gradient) then has 1 / sqrt(mean + epsilon) in place of 1 / rms. A zero row has no units and keeps its sum.
 */
export const normEpsilon = defineKind({
  name: "norm.epsilon",
  inputs: ["squares", "m"],
  optional: [],
  outputs: ["sum"],
  params: ["columns", "epsilon"],
  shape: (s) => {
    const { squares, m } = s.in;
    requireShape(squares.columns === 1 && m.rows === squares.rows, "squares is combined");
    requireShape(s.params.epsilon >= 0 && s.params.epsilon < pow2(31), "epsilon is Q40 in 31 bits");
    requireShape(s.params.columns >= 1, "columns are those of the row");
    return [{ rows: squares.rows, columns: 1, dtype: "i64" }];
  },
  bounds: (s) => [
    { what: "columns x epsilon", max: s.params.columns * s.params.epsilon, limit: 2 ** 46 },
    {
      what: "sum of squares with epsilon",
      max: s.params.columns * 2 ** 30 + EPSILON_SUM_MAX,
      limit: WIDE_MAX / 2,
    },
  ],
  work: () => 0,
  closure: (s) => [
    ["squares", [s.region]],
    ["m", [s.region]],
  ],
  define: [
    (x) =>
      eachRow(x.region, (t) => {
        const { columns, epsilon } = x.params;
        const m = x.view.m.at(t, 0);
        const shift = Math.max(EPSILON_BITS - 2 * (ROW_BITS - 1) + 2 * m, -EPSILON_SHIFT_MAX);
        const share = m === NO_MAGNITUDE ? 0 : rsh(columns * epsilon, shift);
        x.set(t, 0, x.view.squares.at(t, 0) + Math.min(share, EPSILON_SUM_MAX));
      }),
  ],
});

/** The largest |xhat * gain| of each chunk of columns: the scale of the int8 row once it is combined. At least 1. */
export const normMantissa = defineKind({
  name: "norm.mantissa",
  inputs: ["x", "m", "squares", "gain"],
  optional: ["e"],
  outputs: ["mantissa"],
  params: ["chunk", "exponent"],
  shape: (s) => {
    requireShape(s.in.squares.columns === 1, "squares is combined");
    requireShape(
      s.in.gain.columns === s.in.x.columns && s.in.gain.rows === 1,
      "gain has one row as wide as x",
    );
    return [{ rows: s.in.x.rows, columns: chunks(s.in.x.columns, s.params.chunk), dtype: "i32" }];
  },
  bounds: (s) => normBounds(s.in.x.columns),
  work: () => 0,
  closure: (s) => inputsOf(s, blockOf(s.in.x, s.region, 1, s.params.chunk)),
  define: [
    (x) =>
      eachElement(x.region, (t, c) => {
        const row = x;
        let max = 1;
        if (!isZero(row, t)) {
          const scale = scaleOf(row, t);
          const end = Math.min(x.in.x.columns, (c + 1) * x.params.chunk);
          for (let i = c * x.params.chunk; i < end; i++) {
            max = Math.max(max, Math.abs(gained(row, t, i, scale)));
          }
        }
        x.set(t, c, max);
      }),
  ],
});

/** The int8 row: clamp((v * floor(127 * 2^23 / mantissa) + 2^22) >> 23, 127). */
export const normQuantise = defineKind({
  name: "norm.quantise",
  inputs: ["x", "m", "squares", "gain", "mantissa"],
  optional: ["e"],
  outputs: ["x8"],
  params: ["exponent"],
  shape: (s) => {
    requireShape(s.in.mantissa.columns === 1, "mantissa is combined");
    return [{ rows: s.in.x.rows, columns: s.in.x.columns, dtype: "i8" }];
  },
  bounds: (s) => normBounds(s.in.x.columns),
  work: () => 0,
  closure: (s) => [...inputsOf(s, s.region), ["mantissa", [band(s.region, 0, 1)]]],
  define: [
    (x) =>
      eachRow(x.region, (t) => {
        const row = x;
        const scale = isZero(row, t) ? null : scaleOf(row, t);
        const reciprocal = divFloor(127 * pow2(23), x.view.mantissa.at(t, 0));
        eachColumn(x.region, (i) => {
          const v = scale === null ? 0 : gained(row, t, i, scale);
          x.set(t, i, clamp(rsh(v * reciprocal, 23), 127));
        });
      }),
  ],
});

type BackwardRow = Execution<
  "x" | "m" | "squares" | "gain" | "d" | "dm" | "de",
  "e" | "dot" | "residual",
  "exponent"
>;

/** The gradient of xhat: d in 16 bits at the magnitude of its row, times the gain. */
function gainedGradient(x: BackwardRow, t: number, i: number): number {
  const narrowed = quantise(x.view.d.at(t, i), x.view.de.at(t, 0), x.view.dm.at(t, 0), ROW_BITS);
  return rsh(narrowed * x.view.gain.at(0, i), 12);
}

const gradientIsZero = (x: BackwardRow, t: number) =>
  x.view.m.at(t, 0) === NO_MAGNITUDE || x.view.dm.at(t, 0) === NO_MAGNITUDE;

/** dg * xhat < 2^18 * xhat; summed over a row it stays below n * 2^18 * mean |xhat|, and mean |xhat| <= rms(xhat) ~ 2^12. */
function backwardBounds(n: number): Bound[] {
  const xhat = isqrt(n * pow2(24)) + isqrt(n) + 2;
  const mean = pow2(12) + 2;
  return [
    { what: "sum of dg x xhat", max: n * 2 ** 18 * mean, limit: WIDE_MAX / 2 },
    { what: "xhat x c", max: xhat * (2 ** 18 * mean), limit: WIDE_MAX / 2 },
    { what: "(dg - xhat c) x root", max: (2 ** 18 + xhat * 2 ** 7) * 32768, limit: WIDE_MAX / 2 },
  ];
}

const backwardInputs = (
  s: Pick<Opening<"x" | "m", "e" | "squares" | "gain", never>, "in">,
  block: ReturnType<typeof blockOf>,
) =>
  [
    ...inputsOf(s, block),
    ["d", [block]],
    ["dm", [band(block, 0, 1)]],
    ["de", [band(block, 0, 1)]],
  ] as Closure;

/** Sum of dg * xhat over chunks of columns; i64. */
export const normDot = defineKind({
  name: "norm.dot",
  inputs: ["d", "dm", "de", "x", "m", "squares", "gain"],
  optional: ["e"],
  outputs: ["dot"],
  params: ["chunk", "exponent"],
  shape: (s) => {
    requireShape(
      s.in.d.columns === s.in.x.columns && s.in.d.rows === s.in.x.rows,
      "d is shaped as x",
    );
    return [{ rows: s.in.x.rows, columns: chunks(s.in.x.columns, s.params.chunk), dtype: "i64" }];
  },
  bounds: (s) => backwardBounds(s.in.x.columns),
  work: () => 0,
  closure: (s) => backwardInputs(s, blockOf(s.in.x, s.region, 1, s.params.chunk)),
  define: [
    (x) =>
      eachElement(x.region, (t, c) => {
        const row = x;
        let sum = 0;
        if (!gradientIsZero(row, t)) {
          const scale = scaleOf(row, t);
          const end = Math.min(x.in.x.columns, (c + 1) * x.params.chunk);
          for (let i = c * x.params.chunk; i < end; i++) {
            sum += gainedGradient(row, t, i) * normalised(row, t, i, scale);
          }
        }
        x.set(t, c, sum);
      }),
  ],
});

/** Exponent of the backward row: that of d in 16 bits, that of the inverse root, 8 bits less. */
function backwardExponent(x: BackwardRow, t: number): number {
  if (gradientIsZero(x, t)) return ZERO_EXPONENT;
  const narrowed = exponentOf(x.view.dm.at(t, 0), ROW_BITS);
  const narrowedX = exponentOf(x.view.m.at(t, 0), ROW_BITS);
  return narrowed + (31 - scaleOf(x, t).shift - narrowedX) - 8;
}

/** One element of the backward row, SAT30(RSH((dg - RSH(xhat * c, 24)) * root, 8)), c = round(dot / n). */
function backwardElement(
  x: BackwardRow,
  t: number,
  i: number,
  scale: NormScale,
  c: number,
): number {
  const tangent = gainedGradient(x, t, i) - rsh(normalised(x, t, i, scale) * c, 24);
  return sat30(rsh(tangent * scale.root, 8));
}

function backwardRow(
  x: BackwardRow,
  body: (t: number, element: (i: number) => number) => void,
): void {
  eachRow(x.region, (t) => {
    if (gradientIsZero(x, t)) return body(t, () => 0);
    const scale = scaleOf(x, t);
    const c = divRound(x.view.dot!.at(t, 0), x.in.x.columns);
    body(t, (i) => backwardElement(x, t, i, scale, c));
  });
}

/** The gradient towards x as a row of mantissas with its own exponent (output 1). */
export const normBackward = defineKind({
  name: "norm.backward",
  inputs: ["d", "dm", "de", "x", "m", "squares", "gain", "dot"],
  optional: ["e"],
  outputs: ["dx", "de"],
  params: ["exponent"],
  shape: (s) => [
    { rows: s.in.x.rows, columns: s.in.x.columns, dtype: "i32" },
    { rows: s.in.x.rows, columns: 1, dtype: "i16" },
  ],
  bounds: (s) => backwardBounds(s.in.x.columns),
  work: () => 0,
  closure: (s) => {
    const scalars: Closure = [
      ["m", [band(s.region, 0, 1)]],
      ["dm", [band(s.region, 0, 1)]],
      ["squares", [band(s.region, 0, 1)]],
    ];
    if (s.output === 1) return scalars;
    return [...backwardInputs(s, s.region), ["dot", [band(s.region, 0, 1)]]];
  },
  define: [
    (x) => backwardRow(x, (t, element) => eachColumn(x.region, (i) => x.set(t, i, element(i)))),
    (x) => eachRow(x.region, (t) => x.set(t, 0, backwardExponent(x, t))),
  ],
});

/** The gradient of the residual stream, static Q18: SAT30(residual + RSH(dx, e - 18)). */
export const normBackwardResidual = defineKind({
  name: "norm.backwardResidual",
  inputs: ["d", "dm", "de", "x", "m", "squares", "gain", "dot"],
  optional: ["e", "residual"],
  outputs: ["dr"],
  params: ["exponent", "residualExponent"],
  shape: (s) => [{ rows: s.in.x.rows, columns: s.in.x.columns, dtype: "i32" }],
  bounds: (s) => backwardBounds(s.in.x.columns),
  work: () => 0,
  closure: (s) => [
    ...backwardInputs(s, s.region),
    ["dot", [band(s.region, 0, 1)]],
    ...(s.in.residual ? ([["residual", [s.region]]] as const) : []),
  ],
  define: [
    (x) => {
      const row = x;
      backwardRow(row, (t, element) => {
        const shift = backwardExponent(row, t) - x.params.residualExponent;
        eachColumn(x.region, (i) => {
          const previous = x.view.residual ? x.view.residual.at(t, i) : 0;
          x.set(t, i, sat30(previous + rsh(element(i), shift)));
        });
      });
    },
  ],
});
