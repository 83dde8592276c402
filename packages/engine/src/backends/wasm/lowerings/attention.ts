/** Lowerings of heads and attention, one kernel call for each operation. */
import {
  addressOf,
  type Lowering,
  type LoweringContext,
  readsAll,
  readsRows,
  writesAll,
  writesRows,
} from "../draft.ts";

/** `mode` of the kernels attentionByQuery and attentionByKey. */
const MODE = {
  max: 0,
  sum: 1,
  weights: 2,
  gradientMagnitude: 3,
  delta: 4,
  queryMagnitude: 5,
  queryWeights: 6,
  keyMagnitude: 7,
  keyWeights: 8,
  valueMagnitude: 9,
  valueWeights: 10,
} as const;

const split =
  (isRotated: boolean): Lowering =>
  (c) => {
    const x = c.input("x", "i32");
    const e = isRotated ? undefined : c.optional("e", "i16");
    const rope = isRotated ? c.input("rope", "i16") : undefined;
    const z = c.output(0);
    const ze = c.output(1);
    const { rows, columns: size } = z.tensor;
    const { heads, length, exponent } = c.params;
    const grain = c.grainOf(rows);
    const bySequence = grain % (heads! * length!) === 0;
    return [
      {
        kernel: "splitHeads",
        units: rows,
        grain,
        args: [
          x.at,
          addressOf(e),
          exponent!,
          addressOf(rope),
          heads!,
          length!,
          size,
          c.params.start ?? 0,
          0,
          isRotated ? 8 : c.params.bits!,
          z.at,
          ze.at,
        ],
        touches: [
          ...(bySequence ? readsRows(rows, x, e) : readsAll(x, e)),
          ...readsAll(rope),
          ...writesRows(rows, z, ze),
        ],
      },
    ];
  };

const headsMagnitude: Lowering = (c) => {
  const x = c.input("x", "i32");
  const m = c.input("m", "i16");
  const out = c.output(0);
  const { rows } = out.tensor;
  const { heads, length, chunk } = c.params;
  const grain = c.grainOf(rows);
  const bySequence = grain % length! === 0;
  return [
    {
      kernel: "headsMagnitude",
      units: rows,
      grain,
      args: [x.at, m.at, heads!, length!, x.tensor.columns, chunk!, out.at],
      touches: [...(bySequence ? readsRows(rows, x, m) : readsAll(x, m)), ...writesRows(rows, out)],
    },
  ];
};

const mergeHeads: Lowering = (c) => {
  const x = c.input("x", "i32");
  const m = c.input("m", "i16");
  const magnitude = c.input("magnitude", "i16");
  const rope = c.optional("rope", "i16");
  const y = c.output(0);
  const e = c.output(1);
  const { rows } = y.tensor;
  const { heads, length, multiplier } = c.params;
  const grain = c.grainOf(rows);
  const bySequence = grain % length! === 0;
  return [
    {
      kernel: "mergeHeads",
      units: rows,
      grain,
      args: [
        x.at,
        m.at,
        magnitude.at,
        addressOf(rope),
        heads!,
        length!,
        x.tensor.columns,
        multiplier!,
        y.at,
        e.at,
      ],
      touches: [
        ...(bySequence ? readsRows(rows, x, m) : readsAll(x, m)),
        ...readsRows(rows, magnitude),
        ...readsAll(rope),
        ...writesRows(rows, y, e),
      ],
    },
  ];
};

const prefix: Lowering = (c) => {
  const ve = c.input("ve", "i16");
  const x = c.output(0);
  const units = x.tensor.rows / c.params.length!;
  return [
    {
      kernel: "attentionPrefix",
      units,
      grain: c.grainOf(units),
      args: [ve.at, c.params.length!, x.at],
      touches: [...readsRows(units, ve), ...writesRows(units, x)],
    },
  ];
};

const ROW_INPUTS = ["q8", "qe", "k8", "ke", "v8", "ve", "do8", "doe", "max", "sum", "dpm"];
const BYTES = new Set(["q8", "k8", "v8", "do8"]);
const WORDS = new Set(["max", "sum", "delta"]);

/** The inputs that the row kernels know, by name; those that this kind does not read are absent. */
function rowInputs(c: LoweringContext, names: readonly string[]) {
  return names.map((name) =>
    c.optional(name, BYTES.has(name) ? "i8" : WORDS.has(name) ? "i32" : "i16"),
  );
}

const rowKernel =
  (kernel: "attentionByQuery" | "attentionByKey", mode: number, extra?: string): Lowering =>
  (c) => {
    const inputs = rowInputs(c, [...ROW_INPUTS, "delta", ...(extra === undefined ? [] : [extra])]);
    const out = c.output(0);
    const { rows } = out.tensor;
    const { heads, group, queries, keys, scale, chunk } = c.params;
    const size = (c.optional("q8") ?? c.input("do8")).tensor.columns;
    const valueSize = c.optional("v8")?.tensor.columns ?? size;
    const frame = kernel === "attentionByQuery" ? [heads!, group!] : [group!];
    return [
      {
        kernel,
        units: rows,
        grain: c.grainOf(rows),
        args: [
          mode,
          ...inputs.map(addressOf),
          ...(extra === undefined ? [0] : []),
          ...frame,
          queries!,
          keys!,
          size,
          valueSize,
          scale ?? 0,
          chunk ?? 1,
          c.exp2,
          out.at,
        ],
        touches: [...readsAll(...inputs), ...writesRows(rows, out)],
      },
    ];
  };

const context: Lowering = (c) => {
  const w = c.input("w", "i16");
  const v = c.input("v", "i16");
  const sum = c.input("sum", "i32");
  const x = c.input("x", "i16");
  const o = c.output(0);
  const { rows } = w.tensor;
  const { heads, group, queries, keys } = c.params;
  return [
    {
      kernel: "attentionContext",
      units: rows,
      grain: c.grainOf(rows),
      args: [w.at, v.at, sum.at, x.at, heads!, group!, queries!, keys!, v.tensor.columns, o.at],
      touches: [...readsAll(w, v, sum, x), ...writesAll(o)],
    },
  ];
};

const queryGradient: Lowering = (c) => {
  const d8 = c.input("d8", "i8");
  const k8 = c.input("k8", "i8");
  const dq = c.output(0);
  const { rows, columns } = dq.tensor;
  const { heads, group, queries, keys } = c.params;
  return [
    {
      kernel: "attentionQueryGradient",
      units: rows,
      grain: c.grainOf(rows),
      args: [d8.at, k8.at, heads!, group!, queries!, keys!, columns, dq.at],
      touches: [...readsAll(d8, k8), ...writesRows(rows, dq)],
    },
  ];
};

const keyGradient: Lowering = (c) => {
  const w8 = c.input("w8", "i8");
  const x8 = c.input("x8", "i8");
  const d = c.output(0);
  const { rows, columns } = d.tensor;
  return [
    {
      kernel: "attentionKeyGradient",
      units: rows,
      grain: c.grainOf(rows),
      args: [w8.at, x8.at, c.params.queries!, c.params.keys!, columns, d.at],
      touches: [...readsAll(w8, x8), ...writesRows(rows, d)],
    },
  ];
};

export const attentionLowerings: Readonly<Record<string, Lowering>> = {
  "heads.split": split(false),
  "heads.rotate": split(true),
  "heads.magnitude": headsMagnitude,
  "heads.merge": mergeHeads,
  "attention.prefix": prefix,
  "attention.max": rowKernel("attentionByQuery", MODE.max),
  "attention.sum": rowKernel("attentionByQuery", MODE.sum),
  "attention.weights": rowKernel("attentionByQuery", MODE.weights, "x"),
  "attention.gradientMagnitude": rowKernel("attentionByQuery", MODE.gradientMagnitude),
  "attention.delta": rowKernel("attentionByQuery", MODE.delta),
  "attention.queryMagnitude": rowKernel("attentionByQuery", MODE.queryMagnitude),
  "attention.queryWeights": rowKernel("attentionByQuery", MODE.queryWeights, "dm"),
  "attention.keyMagnitude": rowKernel("attentionByKey", MODE.keyMagnitude),
  "attention.keyWeights": rowKernel("attentionByKey", MODE.keyWeights, "km"),
  "attention.valueMagnitude": rowKernel("attentionByKey", MODE.valueMagnitude),
  "attention.valueWeights": rowKernel("attentionByKey", MODE.valueWeights, "km"),
  "attention.context": context,
  "attention.queryGradient": queryGradient,
  "attention.keyGradient": keyGradient,
};
