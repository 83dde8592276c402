/**
 * The ternary linear layer with its low-rank adapter, forward and towards its input (spec/arithmetic.md section 6).
 *
 * Forward:  y  = x W^T s + 2^alphaShift * u B,  u = x A^T of ops/rank.ts
 * Backward: dx = dy W s + du A,                 du = 2^alphaShift * dy B^T of ops/rank.ts
 *
 * Both are the same product of int8 rows with rows of a matrix; the backward one reads the transpose of W. A and B are
 * both [rank, wide]: B is stored transposed. The weight scale is s = scale[0] * 2^-scale[1], with 2^14 <= scale[0] < 2^15.
 */
import { exponentOf, ZERO_EXPONENT } from "../arithmetic/alignedQuantise.ts";
import { bitLength, divFloor, rsh, sat30 } from "../arithmetic/integer.ts";
import { type Bound, defineKind, I32_MAX, requireShape, type View, WIDE_MAX } from "./kind.ts";
import { band, columnsOf, eachRow, rowsForColumns, rowsOf, whole } from "./regions.ts";

const FACTOR_BITS = 12;
/** Guard bits that the backward mantissa keeps below the product of acc and the 15-bit scale. */
const BACKWARD_SHIFT = 10;

function productBounds(columns: number, rank: number): Bound[] {
  return [
    { what: "int8 x ternary sum", max: 127 * columns, limit: I32_MAX },
    { what: "sum x 15-bit scale", max: 127 * columns * 32768, limit: WIDE_MAX / 2 },
    { what: "14-bit x 12-bit factor sum", max: 8191 * 2047 * rank, limit: I32_MAX },
  ];
}

/** sum_k x[t, k] * w[n, k] for ternary w. */
function ternaryDot(x: View, w: View, t: number, n: number, columns: number): number {
  let acc = 0;
  for (let k = 0; k < columns; k++) acc += x.at(t, k) * w.at(n, k);
  return acc;
}

/** sum_j u[t, j] * factor[j, n]. */
function rankDot(u: View, factor: View, t: number, n: number, rank: number): number {
  let acc = 0;
  for (let j = 0; j < rank; j++) acc += u.at(t, j) * factor.at(j, n);
  return acc;
}

/**
 * y[t, n] = SAT30(RSH(acc * c15, E + 4 - k) + RSH(low, ue + be - alphaShift - 16)), Q16, then plus the residual.
 * acc = x8 . W. The row's scale M * m * 2^8 / 127 is one integer, cut to 15 bits: c15 * 2^k.
 */
export const linear = defineKind({
  name: "linear",
  inputs: ["x8", "w", "scale", "m"],
  optional: ["u", "ue", "b", "bm", "residual"],
  outputs: ["y"],
  params: ["alphaShift"],
  shape: (s) => {
    requireShape(s.in.x8.dtype === "i8" && s.in.w.dtype === "t2", "x8 is i8 and w is ternary");
    requireShape(s.in.x8.columns === s.in.w.columns, "x8 and w have the same columns");
    requireShape((s.in.b === undefined) === (s.in.u === undefined), "u and b come together");
    if (s.in.b) requireShape(s.in.b.columns === s.in.w.rows, "b has a column for each row of w");
    return [{ rows: s.in.x8.rows, columns: s.in.w.rows, dtype: "i32" }];
  },
  bounds: (s) => [
    ...productBounds(s.in.x8.columns, s.in.b?.rows ?? 0),
    // m <= 2^23 by the bound of norm.mantissa, M < 2^15.
    { what: "row scale", max: 2 ** 23 * 32768 * 256, limit: WIDE_MAX },
  ],
  work: (s) => s.in.x8.rows * s.in.w.rows * (s.in.w.columns + 2 * (s.in.b?.rows ?? 0)),
  cost: (s) => s.region.rows * s.region.columns * (s.in.w.columns + 2 * (s.in.b?.rows ?? 0)),
  closure: (s) => [
    ["x8", [rowsOf(s.in.x8, s.region)]],
    ["w", [rowsForColumns(s.in.w, s.region)]],
    ["scale", [whole(s.in.scale)]],
    ["m", [band(s.region, 0, 1)]],
    ...(s.in.u && s.in.b && s.in.bm
      ? ([
          ["u", [rowsOf(s.in.u, s.region)]],
          ["ue", [band(s.region, 0, 1)]],
          ["b", [columnsOf(s.in.b, s.region)]],
          ["bm", [whole(s.in.bm)]],
        ] as const)
      : []),
    ...(s.in.residual ? ([["residual", [s.region]]] as const) : []),
  ],
  define: [
    ({ in: tensors, view, params, region, set }) => {
      const mantissa = view.scale.at(0, 0);
      const exponent = view.scale.at(0, 1);
      eachRow(region, (t) => {
        const rowScale = divFloor(mantissa * view.m.at(t, 0) * 256, 127);
        const k = bitLength(rowScale) - 15;
        const c15 = rsh(rowScale, k);
        for (let n = region.column; n < region.column + region.columns; n++) {
          const acc = ternaryDot(view.x8, view.w, t, n, tensors.x8.columns);
          let y = rsh(acc * c15, exponent + 4 - k);
          if (view.u && view.ue && view.b && view.bm) {
            const low = rankDot(view.u, view.b, t, n, tensors.b!.rows);
            const be = exponentOf(view.bm.at(0, 0), FACTOR_BITS);
            y += rsh(low, view.ue.at(t, 0) + be - params.alphaShift - 16);
          }
          y = sat30(y);
          set(t, n, view.residual ? sat30(view.residual.at(t, n) + y) : y);
        }
      });
    },
  ],
});

/** Exponent of a row of dx before the addend: that of dy8 (8 bits at magnitude dm), plus E, minus the guard shift. */
function backwardExponent(dm: number, exponent: number): number {
  const e = exponentOf(dm, 8);
  return e === ZERO_EXPONENT ? ZERO_EXPONENT : e + exponent - BACKWARD_SHIFT;
}

/**
 * dx[t, n] = SAT30(RSH(acc * M, 10) + RSH(low, due + ae - e)), with acc = dy8 . w and exponent e = dye + E - 10.
 * With an addend (the dx of a sister that shares the input) both rows are aligned to the smaller exponent and added.
 * A zero row has ZERO_EXPONENT, which never wins the minimum. Output 1 is the exponent of each row.
 */
export const linearBackward = defineKind({
  name: "linear.backward",
  inputs: ["dy8", "dm", "w", "scale"],
  optional: ["du", "due", "a", "am", "addend", "addendE"],
  outputs: ["dx", "e"],
  params: [],
  shape: (s) => {
    requireShape(s.in.dy8.dtype === "i8" && s.in.w.dtype === "t2", "dy8 is i8 and w is ternary");
    requireShape(s.in.dy8.columns === s.in.w.columns, "dy8 and w have the same columns");
    requireShape((s.in.a === undefined) === (s.in.du === undefined), "du and a come together");
    if (s.in.a) requireShape(s.in.a.columns === s.in.w.rows, "a has a column for each row of w");
    return [
      { rows: s.in.dy8.rows, columns: s.in.w.rows, dtype: "i32" },
      { rows: s.in.dy8.rows, columns: 1, dtype: "i16" },
    ];
  },
  bounds: (s) => productBounds(s.in.dy8.columns, s.in.a?.rows ?? 0),
  work: (s) => s.in.dy8.rows * s.in.w.rows * (s.in.w.columns + 2 * (s.in.a?.rows ?? 0)),
  cost: (s) => s.region.rows * s.region.columns * (s.in.w.columns + 2 * (s.in.a?.rows ?? 0)),
  closure: (s) => {
    const perRow = [
      ["dm", [band(s.region, 0, 1)]],
      ["scale", [whole(s.in.scale)]],
      ...(s.in.addendE ? ([["addendE", [band(s.region, 0, 1)]]] as const) : []),
    ] as const;
    if (s.output === 1) return perRow;
    return [
      ...perRow,
      ["dy8", [rowsOf(s.in.dy8, s.region)]],
      ["w", [rowsForColumns(s.in.w, s.region)]],
      ...(s.in.du && s.in.a && s.in.am
        ? ([
            ["du", [rowsOf(s.in.du, s.region)]],
            ["due", [band(s.region, 0, 1)]],
            ["a", [columnsOf(s.in.a, s.region)]],
            ["am", [whole(s.in.am)]],
          ] as const)
        : []),
      ...(s.in.addend ? ([["addend", [s.region]]] as const) : []),
    ];
  },
  define: [
    ({ in: tensors, view, region, set }) => {
      const mantissa = view.scale.at(0, 0);
      eachRow(region, (t) => {
        const own = backwardExponent(view.dm.at(t, 0), view.scale.at(0, 1));
        const other = view.addendE ? view.addendE.at(t, 0) : ZERO_EXPONENT;
        const e = Math.min(own, other);
        for (let n = region.column; n < region.column + region.columns; n++) {
          const acc = ternaryDot(view.dy8, view.w, t, n, tensors.dy8.columns);
          let dx = rsh(acc * mantissa, BACKWARD_SHIFT);
          if (view.du && view.due && view.a && view.am) {
            const low = rankDot(view.du, view.a, t, n, tensors.a!.rows);
            dx += rsh(low, view.due.at(t, 0) + exponentOf(view.am.at(0, 0), FACTOR_BITS) - own);
          }
          dx = sat30(dx);
          if (view.addend) dx = sat30(rsh(view.addend.at(t, n), other - e) + rsh(dx, own - e));
          set(t, n, dx);
        }
      });
    },
    ({ view, region, set }) =>
      eachRow(region, (t) => {
        const own = backwardExponent(view.dm.at(t, 0), view.scale.at(0, 1));
        set(t, 0, Math.min(own, view.addendE ? view.addendE.at(t, 0) : ZERO_EXPONENT));
      }),
  ],
});
