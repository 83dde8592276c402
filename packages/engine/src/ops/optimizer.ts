/**
 * The optimizers of a factor, in place on its state (spec/arithmetic.md section 12). Each reads the partial gradients
 * of the factor, adds them exactly, rounds once to Q30, and updates weight (Q24) and moments.
 */
import { exponentOf } from "../arithmetic/alignedQuantise.ts";
import { divTrunc, isqrt, isqrtWide, pow2, rsh, rshWide, sat30 } from "../arithmetic/integer.ts";
import { STEP } from "../program/program.ts";
import {
  defineKind,
  type Execution,
  type Region,
  requireShape,
  type Shapes,
  WIDE_MAX,
} from "./kind.ts";
import { eachElement, whole } from "./regions.ts";

const FOLD_BITS = 13;
const FACTOR_FRACTION = 30;

type Gradient = Pick<
  Execution<"acc" | "magnitude" | "weight", never, "isDown" | "tokensShift">,
  "in" | "view" | "params"
>;

/**
 * Mean gradient of element (j, n), Q30, SAT30. The mean is over 2^tokensShift tokens, the largest power of two that the
 * batch holds. For A (isDown = 1) the activation scale 2^-12 / 127 is still missing: 33026 * 2^-34.
 */
function gradientAt(x: Gradient, j: number, n: number): number {
  const rank = x.in.weight.rows;
  let sum = 0;
  for (let row = j; row < x.in.acc.rows; row += rank) sum += x.view.acc.at(row, n);
  const shift =
    exponentOf(x.view.magnitude.at(0, 0), FOLD_BITS) - FACTOR_FRACTION + x.params.tokensShift;
  return sat30(x.params.isDown === 1 ? rsh(sum * 33026, shift + 34) : rsh(sum, shift));
}

/** The weight after decoupled decay: w - RSH(w * decay, 30). */
function decayed(
  x: { readonly view: Execution<"weight" | "step", never, never>["view"] },
  j: number,
  n: number,
): number {
  const w = x.view.weight.at(j, n);
  return w - rsh(w * x.view.step.at(0, STEP.decay), 30);
}

const stateShape = (s: Shapes<"acc" | "magnitude" | "step" | "weight" | "m", never, never>) => {
  requireShape(s.in.acc.columns === s.in.weight.columns, "acc and weight have the same columns");
  requireShape(s.in.acc.rows % s.in.weight.rows === 0, "acc has whole groups of rank rows");
  requireShape(s.in.step.dtype === "i32" && s.in.step.columns === 8, "step is i32 [1, 8]");
  return (dtype: "i32" | "i64") => ({
    rows: s.in.weight.rows,
    columns: s.in.weight.columns,
    dtype,
  });
};

const gradientBounds = (s: Shapes<"acc" | "weight", never, never>) => [
  {
    what: "sum of partial gradients x 33026",
    max: (s.in.acc.rows / s.in.weight.rows) * 4095 * 127 * 1024 * 33026,
    limit: WIDE_MAX / 2,
  },
];

function stateRegions(
  s: Shapes<string, string, string> & { readonly region: Region },
  names: readonly string[],
) {
  const rank = s.in.weight!.rows;
  const acc: Region[] = [];
  for (let row = 0; row < s.in.acc!.rows; row += rank)
    acc.push({ ...s.region, row: row + s.region.row });
  return [
    ["acc", acc] as const,
    ["magnitude", [whole(s.in.magnitude!)]] as const,
    ["step", [whole(s.in.step!)]] as const,
    ...names.map((name) => [name, [s.region]] as const),
  ];
}

type Adam = Gradient & { readonly view: Execution<"step" | "m" | "v", never, never>["view"] };

/** First moment, beta1 = 1 - 6554 / 2^16, about 0.9; Q30. */
function firstMoment(x: Adam, j: number, n: number): number {
  const m = x.view.m.at(j, n);
  return m + rsh((gradientAt(x, j, n) - m) * 6554, 16);
}

/** Second moment, beta2 = 63 / 64; Q60 in i64. |g|^2 <= 2^60. */
function secondMoment(x: Adam, j: number, n: number): bigint {
  const g = BigInt(gradientAt(x, j, n));
  const v = x.view.v.wide(j, n);
  return v + rshWide(g * g - v, 6n);
}

/**
 * w - trunc(trunc(m * 2^20 / bias1) * rate / denominator), denominator = floor(isqrt(v) * 2^10 / isqrt(bias2)) + 11.
 * The root is taken before the bias correction: the other order loses every small gradient. bias1 >= 2^16 and
 * rate <= 2^19 keep the product below 2^53.
 */
function adamWeight(x: Adam, j: number, n: number): number {
  const bias1 = Math.max(1, x.view.step.at(0, STEP.bias1));
  const bias2 = Math.max(1, isqrt(x.view.step.at(0, STEP.bias2)));
  const root = Number(isqrtWide(secondMoment(x, j, n)));
  const mean = divTrunc(firstMoment(x, j, n) * pow2(20), bias1);
  const denominator = divTrunc(root * 1024, bias2) + 11;
  const change = divTrunc(mean * x.view.step.at(0, STEP.learningRate), denominator);
  return sat30(decayed(x, j, n) - change);
}

/** Adam-int. Outputs overwrite the state: weight, m, v. */
export const adam = defineKind({
  name: "adam",
  inputs: ["acc", "magnitude", "step", "weight", "m", "v"],
  optional: [],
  outputs: ["weight", "m", "v"],
  params: ["isDown", "tokensShift"],
  shape: (s) => {
    const shape = stateShape(s);
    return [shape("i32"), shape("i32"), shape("i64")];
  },
  bounds: gradientBounds,
  work: () => 0,
  closure: (s) => stateRegions(s, s.output === 1 ? ["weight", "m"] : ["weight", "m", "v"]),
  define: [
    (x) => eachElement(x.region, (j, n) => x.set(j, n, adamWeight(x, j, n))),
    (x) => eachElement(x.region, (j, n) => x.set(j, n, firstMoment(x, j, n))),
    (x) => eachElement(x.region, (j, n) => x.set(j, n, secondMoment(x, j, n))),
  ],
});

/** Lion-int: w - rate * sign(9 m + g), sign(0) = 0; m decays with 63 / 64. Outputs overwrite the state: weight, m. */
export const lion = defineKind({
  name: "lion",
  inputs: ["acc", "magnitude", "step", "weight", "m"],
  optional: [],
  outputs: ["weight", "m"],
  params: ["isDown", "tokensShift"],
  shape: (s) => {
    const shape = stateShape(s);
    return [shape("i32"), shape("i32")];
  },
  bounds: gradientBounds,
  work: () => 0,
  closure: (s) => stateRegions(s, ["weight", "m"]),
  define: [
    (x) =>
      eachElement(x.region, (j, n) => {
        const direction = Math.sign(9 * x.view.m.at(j, n) + gradientAt(x, j, n));
        x.set(j, n, sat30(decayed(x, j, n) - direction * x.view.step.at(0, STEP.learningRate)));
      }),
    (x) =>
      eachElement(x.region, (j, n) => {
        const m = x.view.m.at(j, n);
        x.set(j, n, m + rsh(gradientAt(x, j, n) - m, 6));
      }),
  ],
});
