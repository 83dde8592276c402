/** The norm and both ways back. */
import type { Inputs } from "../../program/createProgramBuilder.ts";
import {
  all,
  alternate,
  type Case,
  type Fill,
  type OperationCase,
  operationCase,
  random,
  rows,
  uneven,
} from "./operationCase.ts";

/** x and its norm with both ways back, with an epsilon (Q40) where one is given. */
function addNormFamily(
  c: Case,
  chunk: number,
  fill: { x: Fill; gain: Fill; d: Fill },
  epsilon?: number,
): void {
  const [count, n] = [12, 64];
  const x = c.input("x", "i32", count, n, fill.x);
  const gain = c.input("gain", "i16", 1, n, fill.gain, "weight");
  const small = epsilon === undefined ? [] : [all(28), all(36), all(70)];
  const e = c.input("e", "i16", count, 1, rows(all(16), all(-9), all(40), ...small));
  const params = { exponent: 16 };
  const m = c.one(
    "magnitude",
    "m",
    { x, e },
    { chunkRows: 1, chunkColumns: n, exponent: 16, relu: 0 },
  );
  const combine = (kind: string, name: string, inputs: Inputs, reduction: "max" | "sum") => {
    const part = c.one(kind, `${name}.part`, inputs, { ...params, chunk });
    const chunkColumns = c.builder.tensor(part).columns;
    return c.one(`reduce.${reduction}`, name, { x: part }, { chunkRows: 1, chunkColumns, wide: 1 });
  };
  const plain = combine("norm.squares", "squares", { x, m, e }, "sum");
  const squares =
    epsilon === undefined
      ? plain
      : c.one("norm.epsilon", "sum", { squares: plain, m }, { columns: n, epsilon });
  const mantissa = combine("norm.mantissa", "mantissa", { x, m, squares, gain, e }, "max");
  c.one("norm.quantise", "x8", { x, m, squares, gain, mantissa, e }, params);
  const d = c.input("d", "i32", count, n, fill.d);
  const de = c.input("de", "i16", count, 1, rows(all(18), all(120), all(-120)));
  const dm = c.one(
    "magnitude",
    "dm",
    { x: d, e: de },
    { chunkRows: 1, chunkColumns: n, exponent: 0, relu: 0 },
  );
  const back = { d, dm, de, x, m, squares, gain, e };
  const dot = combine("norm.dot", "dot", back, "sum");
  c.builder.add("norm.backward", "back", { ...back, dot }, params);
  const residual = c.input("residual", "i32", count, n, alternate(2 ** 30, -(2 ** 30)));
  const both = { ...params, residualExponent: 18 };
  c.one("norm.backwardResidual", "dr", { ...back, dot, residual }, both);
  c.one("norm.backwardResidual", "drFirst", { ...back, dot }, both);
}

export function normCases(): OperationCase[] {
  const plain = random(13, 5);
  const fills = [
    ["uneven rows", { x: uneven(7), gain: plain, d: uneven(11) }],
    [
      "one element holds everything",
      { x: (_: number, i: number) => (i === 5 ? 2 ** 30 : 0), gain: all(32767), d: random(30, 2) },
    ],
    ["all equal, largest gain", { x: all(-(2 ** 30)), gain: all(-32768), d: all(2 ** 30) }],
    ["zero gradient rows", { x: random(24, 3), gain: plain, d: rows(all(0), random(18, 4)) }],
  ] as const;
  const withEpsilon = [
    ["1e-5", 10_995_116],
    ["the largest", 2 ** 31 - 1],
  ] as const;
  return [
    ...fills.flatMap(([label, fill]) =>
      [16, 64].map((chunk) =>
        operationCase(`norm in chunks of ${chunk}: ${label}`, (c) => addNormFamily(c, chunk, fill)),
      ),
    ),
    ...withEpsilon.map(([label, epsilon]) => {
      const fill = { x: rows(uneven(7), random(20, 6), all(0)), gain: plain, d: uneven(11) };
      return operationCase(`norm with an epsilon of ${label}`, (c) =>
        addNormFamily(c, 16, fill, epsilon),
      );
    }),
  ];
}
