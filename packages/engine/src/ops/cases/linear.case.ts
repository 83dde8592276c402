/** A linear with its adapter, its gradients, and one optimizer. */
import type { Inputs, TensorId } from "../../program/createProgramBuilder.ts";
import {
  all,
  alternate,
  type Case,
  codes,
  type Fill,
  type OperationCase,
  operationCase,
  random,
  rows,
  ternary,
} from "./operationCase.ts";

interface LinearFill {
  readonly x8: Fill;
  readonly w: Fill;
  readonly a: Fill;
  readonly b: Fill;
  readonly m: Fill;
  readonly dy: Fill;
}

/** Width of the input and the output, and the number of tokens. */
const [INPUTS, OUTPUTS, TOKENS] = [64, 96, 24];

interface Factor {
  readonly weight: TensorId;
  readonly magnitude: TensorId;
  readonly copy: TensorId;
  readonly state: Inputs;
}

interface Setting {
  readonly rank: number;
  readonly optimizer: "adam" | "lion";
}

function addFactor(c: Case, s: Setting, name: string, columns: number, values: Fill): Factor {
  const weight = c.input(name, "i32", s.rank, columns, values, "state");
  const over = { chunkRows: s.rank, chunkColumns: columns, exponent: 24, relu: 0 };
  const magnitude = c.one("magnitude", `${name}.magnitude`, { x: weight }, over);
  const copy = c.one(
    "quantise",
    `${name}.copy`,
    { x: weight, m: magnitude },
    { bits: 12, exponent: 24 },
  );
  const m = c.input(`${name}.m`, "i32", s.rank, columns, random(28, 6), "state");
  if (s.optimizer === "lion") return { weight, magnitude, copy, state: { weight, m } };
  // Up to the largest square of a gradient, 2^60.
  const squares: Fill = (row, column) => (column === 7 ? 2 ** 60 : (row * 199 + column) ** 4);
  const v = c.input(`${name}.v`, "i64", s.rank, columns, squares, "state");
  return { weight, magnitude, copy, state: { weight, m, v } };
}

function addLinearForward(c: Case, s: Setting, fill: LinearFill) {
  const x8 = c.input("x8", "i8", TOKENS, INPUTS, fill.x8);
  const m = c.input("m", "i32", TOKENS, 1, fill.m);
  const w = c.input("w", "t2", OUTPUTS, INPUTS, fill.w, "weight");
  const scale = c.input("scale", "i32", 1, 2, (_, column) => (column === 0 ? 32767 : 20), "weight");
  const a = addFactor(c, s, "a", INPUTS, fill.a);
  const b = addFactor(c, s, "b", OUTPUTS, fill.b);
  const acc = c.one("gemm", "acc", { a: x8, b: a.copy }, { chunk: 48, bits: 12 });
  const inner = { acc, factor: a.magnitude, m };
  const [u, ue] = c.builder.add("rank.quantise", "u", inner, { rank: s.rank, alphaShift: 0 });
  const adapted = { x8, w, scale, m, u, ue, b: b.copy, bm: b.magnitude };
  const y = c.one("linear", "y", adapted, { alphaShift: 1 });
  c.one("linear", "residual", { ...adapted, residual: y }, { alphaShift: -2 });
  c.one("linear", "plain", { x8, w, scale, m }, {});
  return { x8, m, w, scale, a, b, u: u!, ue: ue! };
}

function addUpdate(
  c: Case,
  s: Setting,
  name: string,
  o: { factor: Factor; folded: Inputs; wide: TensorId; step: TensorId; isDown: 0 | 1 },
): void {
  const params = { alphaShift: o.isDown === 1 ? 0 : 1 };
  const part = c.one("fold.magnitude", `${name}.part`, o.folded, { ...params, chunk: 10 });
  const magnitude = c.one(
    "reduce.max",
    `${name}.fold`,
    { x: part },
    { chunkRows: 3, chunkColumns: 1 },
  );
  const q = c.one("fold.quantise", `${name}.q`, { ...o.folded, magnitude }, params);
  const acc = c.one("factor.gradient", `${name}.gradient`, { q, x: o.wide }, { chunk: 16 });
  const into = Object.values(o.factor.state).filter((id) => id !== undefined);
  const inputs = { acc, magnitude, step: o.step, ...o.factor.state };
  c.builder.add(
    s.optimizer,
    `${name}.update`,
    inputs,
    { isDown: o.isDown, tokensShift: 4 },
    { into },
  );
}

/** A linear with its adapter, its gradients, and one optimizer. */
function addLinearFamily(c: Case, s: Setting, fill: LinearFill): void {
  const { x8, m, w, scale, a, b, u, ue } = addLinearForward(c, s, fill);
  const wt = c.builder.declare({
    name: "wt",
    dtype: "t2",
    rows: INPUTS,
    columns: OUTPUTS,
    tile: { rows: 32, columns: 64 },
    role: "weight",
    transposeOf: w,
  });
  const dy = c.input("dy", "i32", TOKENS, OUTPUTS, fill.dy);
  const over = { chunkRows: 1, chunkColumns: OUTPUTS, exponent: 18, relu: 0 };
  const dm = c.one("magnitude", "dm", { x: dy }, over);
  const dy8 = c.one("quantise", "dy8", { x: dy, m: dm }, { bits: 8, exponent: 18 });
  const acc = c.one("gemm", "dacc", { a: dy8, b: b.copy }, { chunk: 32, bits: 12 });
  const inner = { acc, factor: b.magnitude, dm };
  const [du, due] = c.builder.add("rank.quantise", "du", inner, { rank: s.rank, alphaShift: 1 });
  const back = { dy8, dm, w: wt, scale, du, due, a: a.copy, am: a.magnitude };
  const [dx, e] = c.builder.add("linear.backward", "dx", back);
  c.builder.add("linear.backward", "sum", { ...back, addend: dx, addendE: e });
  c.builder.add("linear.backward", "dxPlain", { dy8, dm, w: wt, scale });
  const constants: Fill = (_, column) => [7, -7, 201327, 4096, 104866, 16384, 0, 0][column]!;
  const step = c.input("step", "i32", 1, 8, constants, "constant");
  addUpdate(c, s, "a", { factor: a, folded: { u: du, e: due, m }, wide: x8, step, isDown: 1 });
  addUpdate(c, s, "b", { factor: b, folded: { u, e: ue, dm }, wide: dy8, step, isDown: 0 });
}

/** A residual that no operation leaves: its sums pass the ends of 32 bits. */
function farResidual(fill: LinearFill): OperationCase {
  return operationCase("linear, a residual at both ends of its format", (c) => {
    const f = addLinearForward(c, { rank: 8, optimizer: "lion" }, fill);
    const ends = alternate(2 ** 31 - 1, -(2 ** 31));
    const residual = c.input("ends", "i32", TOKENS, OUTPUTS, ends);
    const adapted = { x8: f.x8, w: f.w, scale: f.scale, m: f.m, u: f.u, ue: f.ue, b: f.b.copy };
    const inputs = { ...adapted, bm: f.b.magnitude, residual };
    c.one("linear", "far", inputs, { alphaShift: 1 });
  });
}

export function linearCases(): OperationCase[] {
  const ordinary: LinearFill = {
    x8: codes(1),
    w: ternary(2),
    a: random(24, 3),
    b: random(22, 4),
    m: random(14, 5),
    dy: random(20, 6),
  };
  const positive =
    (fill: Fill): Fill =>
    (row, column) =>
      Math.abs(fill(row, column)) + 1;
  const fills: readonly (readonly [string, LinearFill])[] = [
    ["random", { ...ordinary, m: positive(random(14, 5)) }],
    [
      "all -128 against all -1",
      { ...ordinary, x8: all(-128), w: all(-1), m: all(4096), dy: all(-(2 ** 30)) },
    ],
    [
      "all 127 against all 1, saturating",
      {
        ...ordinary,
        x8: all(127),
        w: all(1),
        a: all(2 ** 30),
        b: all(2 ** 30),
        m: all(2 ** 23),
        dy: all(2 ** 30),
      },
    ],
    ["an adapter that is zero", { ...ordinary, b: all(0), m: all(1) }],
    [
      "factors of one unit, zero rows",
      {
        ...ordinary,
        a: all(1),
        b: all(-1),
        m: positive(random(20, 9)),
        dy: rows(all(0), random(3, 8), random(30, 7)),
      },
    ],
    ["no gradient at all", { ...ordinary, m: all(9), dy: all(0) }],
  ];
  const families = fills.flatMap(([label, fill]) =>
    (
      [
        [4, "adam"],
        [16, "lion"],
        [64, "adam"],
      ] as const
    ).map(([rank, optimizer]) =>
      operationCase(`linear, rank ${rank}, ${optimizer}: ${label}`, (c) =>
        addLinearFamily(c, { rank, optimizer }, fill),
      ),
    ),
  );
  return [...families, farResidual({ ...ordinary, m: positive(random(14, 5)) })];
}
