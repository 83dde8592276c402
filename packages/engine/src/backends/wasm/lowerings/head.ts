/** Lowerings of the head, the loss and the gradient of the last hidden rows. */
import {
  dtypeNumber,
  type Lowering,
  type LoweringContext,
  readsAll,
  readsRows,
  type Slot,
  writesAll,
  writesRows,
} from "../draft.ts";

const ROWS_PER_THREAD_MIN = 16;

const score: Lowering = (c) => {
  const f8 = c.input("f8", "i8");
  const e8 = c.input("e8", "i8");
  const rowScale = c.input("rowScale");
  const exponent = c.input("exponent");
  const m = c.input("m", "i32");
  const out = c.output(0);
  const { rows, columns: vocabulary } = out.tensor;
  const byRows = c.threads === 1 || rows >= ROWS_PER_THREAD_MIN * c.threads;
  return [
    {
      kernel: "headScore",
      units: byRows ? rows : vocabulary,
      grain: byRows ? c.grainOf(rows) : 16,
      args: [
        f8.at,
        e8.at,
        rowScale.at,
        dtypeNumber(rowScale),
        exponent.at,
        dtypeNumber(exponent),
        m.at,
        rows,
        f8.tensor.columns,
        vocabulary,
        out.at,
        byRows ? 0 : 1,
      ],
      touches: [
        ...(byRows
          ? [...readsRows(rows, f8, m), ...writesRows(rows, out)]
          : [...readsAll(f8, m), ...writesAll(out)]),
        ...readsAll(e8, rowScale, exponent),
      ],
    },
  ];
};

const sum: Lowering = (c) => {
  const scores = c.input("score", "i32");
  const max = c.input("max", "i32");
  const out = c.output(0);
  const { rows, columns } = scores.tensor;
  return [
    {
      kernel: "headSum",
      units: rows,
      grain: c.grainOf(rows),
      args: [scores.at, max.at, columns, c.params.chunk!, c.exp2, out.at],
      touches: [...readsRows(rows, scores, max), ...writesRows(rows, out)],
    },
  ];
};

/** Tokens, scores and row statistics, which every kernel behind the scores begins with. */
function scored(c: LoweringContext): { readonly args: number[]; readonly slots: Slot[] } {
  const tokens = c.input("tokens", "i32");
  const slots = [c.input("score", "i32"), c.input("max", "i32"), c.input("sum", "i64")];
  return {
    args: [tokens.at, tokens.tensor.columns, c.params.length!, ...slots.map((slot) => slot.at)],
    slots,
  };
}

const loss: Lowering = (c) => {
  const { args, slots } = scored(c);
  const out = c.output(0);
  const { rows } = out.tensor;
  return [
    {
      kernel: "headLoss",
      units: rows,
      grain: c.grainOf(rows),
      args: [...args, slots[0]!.tensor.columns, c.log2, out.at],
      touches: [
        ...readsAll(c.input("tokens")),
        ...readsRows(rows, ...slots),
        ...writesRows(rows, out),
      ],
    },
  ];
};

const dlogitsMagnitude: Lowering = (c) => {
  const { args, slots } = scored(c);
  const rowScale = c.input("rowScale");
  const out = c.output(0);
  const { rows, columns: vocabulary } = slots[0]!.tensor;
  return [
    {
      kernel: "dlogitsMagnitude",
      units: rows,
      grain: c.grainOf(rows),
      args: [
        ...args,
        rowScale.at,
        dtypeNumber(rowScale),
        vocabulary,
        c.params.chunk!,
        c.exp2,
        out.at,
      ],
      touches: [
        ...readsAll(c.input("tokens"), rowScale),
        ...readsRows(rows, ...slots),
        ...writesRows(rows, out),
      ],
    },
  ];
};

const rounded =
  (kernel: "dlogits" | "dlogitsTarget"): Lowering =>
  (c) => {
    const { args, slots } = scored(c);
    const rowScale = c.input("rowScale");
    const magnitude = c.input("magnitude", "i16");
    const step = c.input("step", "i32");
    const out = c.output(0);
    const { rows, columns: vocabulary } = slots[0]!.tensor;
    return [
      {
        kernel,
        units: rows,
        grain: c.grainOf(rows),
        args: [
          ...args,
          rowScale.at,
          dtypeNumber(rowScale),
          magnitude.at,
          step.at,
          vocabulary,
          c.exp2,
          out.at,
        ],
        touches: [
          ...readsAll(c.input("tokens"), rowScale, step),
          ...readsRows(rows, ...slots, magnitude),
          ...writesRows(rows, out),
        ],
      },
    ];
  };

const backward: Lowering = (c) => {
  const tokens = c.input("tokens", "i32");
  const acc = c.input("acc", "i32");
  const target = c.input("target", "i32");
  const e8 = c.input("e8", "i8");
  const exponent = c.input("exponent");
  const magnitude = c.input("magnitude", "i16");
  const dx = c.output(0);
  const e = c.output(1);
  const { rows, columns } = dx.tensor;
  return [
    {
      kernel: "headBackward",
      units: rows,
      grain: c.grainOf(rows),
      args: [
        tokens.at,
        tokens.tensor.columns,
        c.params.length!,
        acc.at,
        acc.tensor.columns / columns,
        target.at,
        e8.at,
        exponent.at,
        dtypeNumber(exponent),
        magnitude.at,
        e8.tensor.rows,
        columns,
        dx.at,
        e.at,
      ],
      touches: [
        ...readsAll(tokens, e8, exponent),
        ...readsRows(rows, acc, target, magnitude),
        ...writesRows(rows, dx, e),
      ],
    },
  ];
};

export const headLowerings: Readonly<Record<string, Lowering>> = {
  "head.score": score,
  "head.sum": sum,
  "head.loss": loss,
  "dlogits.magnitude": dlogitsMagnitude,
  dlogits: rounded("dlogits"),
  "dlogits.target": rounded("dlogitsTarget"),
  "head.backward": backward,
};
