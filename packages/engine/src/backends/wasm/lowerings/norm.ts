/** Lowerings of the norm and the gate. */
import { addressOf, type Lowering, readsAll, readsRows, writesRows } from "../draft.ts";

const squares: Lowering = (c) => {
  const x = c.input("x", "i32");
  const m = c.input("m", "i16");
  const e = c.optional("e", "i16");
  const out = c.output(0);
  const { rows, columns } = x.tensor;
  return [
    {
      kernel: "normSquares",
      units: rows,
      grain: c.grainOf(rows),
      args: [x.at, m.at, addressOf(e), c.params.exponent!, columns, c.params.chunk!, out.at],
      touches: [...readsRows(rows, x, m, e), ...writesRows(rows, out)],
    },
  ];
};

const epsilon: Lowering = (c) => {
  const sums = c.input("squares", "i64");
  const m = c.input("m", "i16");
  const out = c.output(0);
  const { rows } = sums.tensor;
  return [
    {
      kernel: "normEpsilon",
      units: rows,
      grain: c.grainOf(rows),
      args: [sums.at, m.at, c.params.columns!, c.params.epsilon!, out.at],
      touches: [...readsRows(rows, sums, m), ...writesRows(rows, out)],
    },
  ];
};

const mantissa: Lowering = (c) => {
  const x = c.input("x", "i32");
  const m = c.input("m", "i16");
  const sums = c.input("squares", "i64");
  const gain = c.input("gain", "i16");
  const e = c.optional("e", "i16");
  const out = c.output(0);
  const { rows, columns } = x.tensor;
  const { exponent, chunk } = c.params;
  return [
    {
      kernel: "normMantissa",
      units: rows,
      grain: c.grainOf(rows),
      args: [x.at, m.at, addressOf(e), exponent!, sums.at, gain.at, columns, chunk!, out.at],
      touches: [...readsRows(rows, x, m, sums, e), ...readsAll(gain), ...writesRows(rows, out)],
    },
  ];
};

const quantise: Lowering = (c) => {
  const x = c.input("x", "i32");
  const m = c.input("m", "i16");
  const sums = c.input("squares", "i64");
  const gain = c.input("gain", "i16");
  const top = c.input("mantissa", "i32");
  const e = c.optional("e", "i16");
  const x8 = c.output(0);
  const { rows, columns } = x.tensor;
  return [
    {
      kernel: "normQuantise",
      units: rows,
      grain: c.grainOf(rows),
      args: [
        x.at,
        m.at,
        addressOf(e),
        c.params.exponent!,
        sums.at,
        gain.at,
        top.at,
        columns,
        x8.at,
      ],
      touches: [...readsRows(rows, x, m, sums, top, e), ...readsAll(gain), ...writesRows(rows, x8)],
    },
  ];
};

const dot: Lowering = (c) => {
  const d = c.input("d", "i32");
  const dm = c.input("dm", "i16");
  const de = c.input("de", "i16");
  const x = c.input("x", "i32");
  const m = c.input("m", "i16");
  const sums = c.input("squares", "i64");
  const gain = c.input("gain", "i16");
  const e = c.optional("e", "i16");
  const out = c.output(0);
  const { rows, columns } = x.tensor;
  return [
    {
      kernel: "normDot",
      units: rows,
      grain: c.grainOf(rows),
      args: [
        d.at,
        dm.at,
        de.at,
        x.at,
        m.at,
        addressOf(e),
        c.params.exponent!,
        sums.at,
        gain.at,
        columns,
        c.params.chunk!,
        out.at,
      ],
      touches: [
        ...readsRows(rows, d, dm, de, x, m, sums, e),
        ...readsAll(gain),
        ...writesRows(rows, out),
      ],
    },
  ];
};

const backward =
  (joined: 0 | 1): Lowering =>
  (c) => {
    const d = c.input("d", "i32");
    const dm = c.input("dm", "i16");
    const de = c.input("de", "i16");
    const x = c.input("x", "i32");
    const m = c.input("m", "i16");
    const sums = c.input("squares", "i64");
    const gain = c.input("gain", "i16");
    const dots = c.input("dot", "i64");
    const e = c.optional("e", "i16");
    const residual = joined === 1 ? c.optional("residual", "i32") : undefined;
    const dx = c.output(0);
    const dxE = joined === 1 ? undefined : c.output(1);
    const { rows, columns } = x.tensor;
    return [
      {
        kernel: "normBackward",
        units: rows,
        grain: c.grainOf(rows),
        args: [
          d.at,
          dm.at,
          de.at,
          x.at,
          m.at,
          addressOf(e),
          c.params.exponent!,
          sums.at,
          gain.at,
          dots.at,
          columns,
          joined,
          addressOf(residual),
          c.params.residualExponent ?? 0,
          dx.at,
          addressOf(dxE),
        ],
        touches: [
          ...readsRows(rows, d, dm, de, x, m, sums, dots, e, residual),
          ...readsAll(gain),
          ...writesRows(rows, dx, dxE),
        ],
      },
    ];
  };

const gate: Lowering = (c) => {
  const inputs = [c.input("gate", "i32"), c.input("up", "i32")];
  const magnitudes = [c.input("gm", "i16"), c.input("um", "i16")];
  const h = c.output(0);
  const e = c.output(1);
  const { rows, columns } = h.tensor;
  const read = [...inputs, ...magnitudes];
  return [
    {
      kernel: "gateForward",
      units: rows,
      grain: c.grainOf(rows),
      args: [...read.map((slot) => slot.at), columns, h.at, e.at],
      touches: [...readsRows(rows, ...read), ...writesRows(rows, h, e)],
    },
  ];
};

const gateBackward: Lowering = (c) => {
  const read = [
    c.input("dh", "i32"),
    c.input("de", "i16"),
    c.input("dhm", "i16"),
    c.input("gate", "i32"),
    c.input("up", "i32"),
    c.input("gm", "i16"),
    c.input("um", "i16"),
  ];
  const d = c.output(0);
  const e = c.output(1);
  const { rows, columns } = d.tensor;
  return [
    {
      kernel: "gateBackward",
      units: rows,
      grain: c.grainOf(rows),
      args: [...read.map((slot) => slot.at), columns, c.params.side!, d.at, e.at],
      touches: [...readsRows(rows, ...read), ...writesRows(rows, d, e)],
    },
  ];
};

export const normLowerings: Readonly<Record<string, Lowering>> = {
  "norm.squares": squares,
  "norm.epsilon": epsilon,
  "norm.mantissa": mantissa,
  "norm.quantise": quantise,
  "norm.dot": dot,
  "norm.backward": backward(0),
  "norm.backwardResidual": backward(1),
  gate,
  "gate.backward": gateBackward,
};
