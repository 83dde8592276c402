/** Lowerings of matrix products: linears, the rank products, the gradients and updates of factors. */
import {
  addressOf,
  type Draft,
  type Lowering,
  type LoweringContext,
  readsAll,
  readsRows,
  type Slot,
  type Touch,
  writesAll,
  writesRows,
} from "../draft.ts";

/** Below this many rows for each thread, the columns of a product are divided instead. */
const ROWS_PER_THREAD_MIN = 16;

/** How a product of `rows` x `columns` is divided, and what a part of it touches. */
function divide(
  c: LoweringContext,
  size: { readonly rows: number; readonly columns: number; readonly step: number },
  byRow: { readonly reads: readonly (Slot | undefined)[]; readonly writes: readonly Slot[] },
): Pick<Draft, "units" | "grain"> & { readonly byColumns: 0 | 1; readonly touches: Touch[] } {
  const { rows, columns, step } = size;
  if (c.threads === 1 || rows >= ROWS_PER_THREAD_MIN * c.threads) {
    const touches = [...readsRows(rows, ...byRow.reads), ...writesRows(rows, ...byRow.writes)];
    return { units: rows, grain: c.grainOf(rows), byColumns: 0, touches };
  }
  const touches = [...readsAll(...byRow.reads), ...writesAll(...byRow.writes)];
  return { units: columns, grain: step, byColumns: 1, touches };
}

const gemm: Lowering = (c) => {
  const a = c.input("a", "i8");
  const b = c.input("b");
  const acc = c.output(0);
  const { rows, columns: depth } = a.tensor;
  const columns = b.tensor.rows;
  const step = Math.min(32, columns);
  const parts = divide(c, { rows, columns, step }, { reads: [a], writes: [acc] });
  return [
    {
      kernel: "gemmRows",
      units: parts.units,
      grain: parts.grain,
      args: [
        a.at,
        b.at,
        (b.tensor.dtype === "i16" ? 2 : 0) + (b.isTransposed ? 1 : 0),
        rows,
        depth,
        columns,
        c.params.chunk!,
        acc.at,
        parts.byColumns,
        rows,
      ],
      touches: [...parts.touches, ...readsAll(b)],
    },
  ];
};

/** Also of `decode.linear`, whose factors lie one sequence after another. */
const linear: Lowering = (c) => {
  const x8 = c.input("x8", "i8");
  const w = c.input("w", "t2");
  const scale = c.input("scale", "i32");
  const m = c.input("m", "i32");
  const u = c.optional("u", "i16");
  const ue = c.optional("ue", "i16");
  const b = c.optional("b", "i16");
  const bm = c.optional("bm", "i16");
  const residual = c.optional("residual", "i32");
  const y = c.output(0);
  const { rows, columns } = y.tensor;
  const sequences = bm === undefined ? 1 : bm.tensor.rows;
  const parts = divide(
    c,
    { rows, columns, step: 16 },
    { reads: [x8, m, u, ue, residual], writes: [y] },
  );
  return [
    {
      kernel: "linearRows",
      units: parts.units,
      grain: parts.grain,
      args: [
        x8.at,
        w.at,
        scale.at,
        m.at,
        addressOf(u),
        addressOf(ue),
        addressOf(b),
        addressOf(bm),
        addressOf(residual),
        y.at,
        rows,
        x8.tensor.columns,
        columns,
        b === undefined ? 0 : b.tensor.rows / sequences,
        c.params.alphaShift!,
        w.isTransposed ? 1 : 0,
        parts.byColumns,
        rows / sequences,
      ],
      touches: [...parts.touches, ...readsAll(w, scale, b, bm)],
    },
  ];
};

const linearBackward: Lowering = (c) => {
  const dy8 = c.input("dy8", "i8");
  const dm = c.input("dm", "i16");
  const w = c.input("w", "t2");
  const scale = c.input("scale", "i32");
  const du = c.optional("du", "i16");
  const due = c.optional("due", "i16");
  const a = c.optional("a", "i16");
  const am = c.optional("am", "i16");
  const addend = c.optional("addend", "i32");
  const addendE = c.optional("addendE", "i16");
  const dx = c.output(0);
  const e = c.output(1);
  const { rows, columns } = dx.tensor;
  const parts = divide(
    c,
    { rows, columns, step: 16 },
    { reads: [dy8, dm, du, due, addend, addendE], writes: [dx, e] },
  );
  return [
    {
      kernel: "linearBackwardRows",
      units: parts.units,
      grain: parts.grain,
      args: [
        dy8.at,
        dm.at,
        w.at,
        scale.at,
        addressOf(du),
        addressOf(due),
        addressOf(a),
        addressOf(am),
        addressOf(addend),
        addressOf(addendE),
        dx.at,
        e.at,
        rows,
        dy8.tensor.columns,
        columns,
        a === undefined ? 0 : a.tensor.rows,
        w.isTransposed ? 1 : 0,
        parts.byColumns,
      ],
      touches: [...parts.touches, ...readsAll(w, scale, a, am)],
    },
  ];
};

const rankQuantise: Lowering = (c) => {
  const acc = c.input("acc", "i32");
  const factor = c.input("factor", "i16");
  const m = c.optional("m", "i32");
  const dm = c.optional("dm", "i16");
  const u = c.output(0);
  const e = c.output(1);
  const { rows } = u.tensor;
  const { rank, alphaShift } = c.params;
  return [
    {
      kernel: "rankQuantise",
      units: rows,
      grain: c.grainOf(rows),
      args: [
        acc.at,
        acc.tensor.columns / rank!,
        factor.at,
        addressOf(m),
        addressOf(dm),
        rank!,
        alphaShift!,
        u.at,
        e.at,
        rows,
      ],
      touches: [...readsRows(rows, acc, m, dm), ...readsAll(factor), ...writesRows(rows, u, e)],
    },
  ];
};

const foldMagnitude: Lowering = (c) => {
  const u = c.input("u", "i16");
  const e = c.input("e", "i16");
  const m = c.optional("m", "i32");
  const dm = c.optional("dm", "i16");
  const out = c.output(0);
  const { rows, columns } = u.tensor;
  const { chunk, alphaShift } = c.params;
  const units = out.tensor.rows;
  return [
    {
      kernel: "foldMagnitude",
      units,
      grain: 1,
      args: [u.at, e.at, addressOf(m), addressOf(dm), rows, columns, chunk!, alphaShift!, out.at],
      touches: [...readsAll(u, e, m, dm), ...writesRows(units, out)],
    },
  ];
};

const foldQuantise: Lowering = (c) => {
  const u = c.input("u", "i16");
  const e = c.input("e", "i16");
  const magnitude = c.input("magnitude", "i16");
  const m = c.optional("m", "i32");
  const dm = c.optional("dm", "i16");
  const q = c.output(0);
  const { rows, columns } = u.tensor;
  return [
    {
      kernel: "foldQuantise",
      units: rows,
      grain: c.grainOf(rows),
      args: [
        u.at,
        e.at,
        magnitude.at,
        addressOf(m),
        addressOf(dm),
        columns,
        c.params.alphaShift!,
        q.at,
      ],
      touches: [...readsRows(rows, u, e, m, dm), ...readsAll(magnitude), ...writesRows(rows, q)],
    },
  ];
};

const factorGradient: Lowering = (c) => {
  const q = c.input("q", "i16");
  const x = c.input("x", "i8");
  const acc = c.output(0);
  const { rows, columns: rank } = q.tensor;
  const { columns } = x.tensor;
  return [
    {
      kernel: "factorGradient",
      units: columns,
      grain: 16,
      args: [q.at, x.at, rows, rank, columns, c.params.chunk!, acc.at],
      touches: [...readsAll(q, x), ...writesAll(acc)],
    },
  ];
};

/** The optimizers update their state in place: outputs are the inputs of the same name. */
const optimizer =
  (kernel: "adamElements" | "lionElements"): Lowering =>
  (c) => {
    const acc = c.input("acc", "i32");
    const magnitude = c.input("magnitude", "i16");
    const step = c.input("step", "i32");
    const weight = c.input("weight", "i32");
    const m = c.input("m", "i32");
    const v = kernel === "adamElements" ? c.input("v", "i64") : undefined;
    const { rows, columns } = weight.tensor;
    const size = rows * columns;
    const { isDown, tokensShift } = c.params;
    const state = [weight, m, ...(v === undefined ? [] : [v])];
    return [
      {
        kernel,
        units: size,
        grain: 16,
        args: [
          acc.at,
          acc.tensor.rows / rows,
          magnitude.at,
          step.at,
          ...state.map((slot) => slot.at),
          size,
          isDown!,
          tokensShift!,
        ],
        touches: [...readsAll(acc, magnitude, step), ...writesRows(size, ...state)],
      },
    ];
  };

export const productLowerings: Readonly<Record<string, Lowering>> = {
  gemm,
  linear,
  "decode.linear": linear,
  "linear.backward": linearBackward,
  "rank.quantise": rankQuantise,
  "fold.magnitude": foldMagnitude,
  "fold.quantise": foldQuantise,
  "factor.gradient": factorGradient,
  adam: optimizer("adamElements"),
  lion: optimizer("lionElements"),
};
