/** Lowerings of gathers, quantisers and reductions. */
import {
  addressOf,
  dtypeNumber,
  type Lowering,
  readsAll,
  readsRows,
  writesRows,
} from "../draft.ts";

const embed: Lowering = (c) => {
  const tokens = c.input("tokens", "i32");
  const table = c.input("table");
  const x = c.output(0);
  const { rows, columns } = x.tensor;
  return [
    {
      kernel: "embedRows",
      units: rows,
      grain: c.grainOf(rows),
      args: [
        tokens.at,
        tokens.tensor.columns,
        c.params.length!,
        table.at,
        dtypeNumber(table),
        table.tensor.rows,
        columns,
        x.at,
      ],
      touches: [...readsAll(tokens, table), ...writesRows(rows, x)],
    },
  ];
};

const cacheAppend: Lowering = (c) => {
  const past = c.input("past");
  const next = c.input("next");
  const all = c.output(0);
  const { rows } = all.tensor;
  const { pastLength, nextLength } = c.params;
  return [
    {
      kernel: "appendRows",
      units: rows,
      grain: c.grainOf(rows),
      args: [past.at, next.at, pastLength!, nextLength!, all.bytes / rows, all.at],
      touches: [...readsAll(past, next), ...writesRows(rows, all)],
    },
  ];
};

const magnitude: Lowering = (c) => {
  const x = c.input("x");
  const e = c.optional("e", "i16");
  const out = c.output(0);
  const { rows, columns } = x.tensor;
  const { chunkRows, chunkColumns, exponent, relu } = c.params;
  const blocks = out.tensor.rows * out.tensor.columns;
  const perRow = chunkRows === 1;
  const read = perRow ? readsRows(blocks, x, e) : readsAll(x, e);
  return [
    {
      kernel: "magnitudeBlocks",
      units: blocks,
      grain: perRow ? c.grainOf(rows) * out.tensor.columns : 1,
      args: [
        x.at,
        dtypeNumber(x),
        rows,
        columns,
        addressOf(e),
        exponent!,
        chunkRows!,
        chunkColumns!,
        relu!,
        out.at,
      ],
      touches: [...read, ...writesRows(blocks, out)],
    },
  ];
};

const quantise: Lowering = (c) => {
  const x = c.input("x");
  const m = c.input("m", "i16");
  const e = c.optional("e", "i16");
  const q = c.output(0);
  const { rows, columns } = x.tensor;
  const isShared = m.tensor.rows === 1;
  return [
    {
      kernel: "quantiseRows",
      units: rows,
      grain: c.grainOf(rows),
      args: [
        x.at,
        dtypeNumber(x),
        columns,
        m.at,
        isShared ? 1 : 0,
        addressOf(e),
        c.params.exponent!,
        c.params.bits!,
        q.at,
      ],
      touches: [
        ...readsRows(rows, x, e),
        ...(isShared ? readsAll(m) : readsRows(rows, m)),
        ...writesRows(rows, q),
      ],
    },
  ];
};

const reduce =
  (sum: 0 | 1): Lowering =>
  (c) => {
    const x = c.input("x");
    const out = c.output(0);
    const { rows, columns } = x.tensor;
    const { chunkRows, chunkColumns } = c.params;
    const blocks = out.tensor.rows * out.tensor.columns;
    const perRow = chunkRows === 1 && out.tensor.columns === 1;
    return [
      {
        kernel: "reduceBlocks",
        units: blocks,
        grain: perRow ? c.grainOf(rows) : 1,
        args: [
          x.at,
          dtypeNumber(x),
          rows,
          columns,
          chunkRows!,
          chunkColumns!,
          sum,
          out.at,
          dtypeNumber(out),
        ],
        touches: [...(perRow ? readsRows(rows, x) : readsAll(x)), ...writesRows(blocks, out)],
      },
    ];
  };

const group =
  (sum: 0 | 1): Lowering =>
  (c) => {
    const x = c.input("x");
    const out = c.output(0);
    const { rows } = out.tensor;
    const { group: members, length } = c.params;
    return [
      {
        kernel: "groupRows",
        units: rows,
        grain: c.grainOf(rows),
        args: [
          x.at,
          dtypeNumber(x),
          x.tensor.columns,
          members!,
          length!,
          sum,
          out.at,
          dtypeNumber(out),
        ],
        touches: [...readsAll(x), ...writesRows(rows, out)],
      },
    ];
  };

export const rowLowerings: Readonly<Record<string, Lowering>> = {
  embed,
  "cache.append": cacheAppend,
  magnitude,
  quantise,
  "reduce.max": reduce(0),
  "reduce.sum": reduce(1),
  "group.max": group(0),
  "group.sum": group(1),
};
