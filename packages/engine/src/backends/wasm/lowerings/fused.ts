/** Lowerings of the trees that fuseAttention finds. */
import {
  type Draft,
  type Lowering,
  type LoweringContext,
  type Run,
  readsAll,
  readsRows,
  type Touch,
  writesAll,
  writesRows,
} from "../draft.ts";

/** Query or key rows of one part. */
const BLOCK = 32;

/** How blocks of rows are divided: whole sequences where they suffice, else block by block. */
interface Division {
  readonly units: number;
  readonly grain: number;
  readonly reads: (slots: readonly Run[]) => Touch[];
  readonly writes: (slots: readonly Run[]) => Touch[];
}

function divide(c: LoweringContext, rows: number, heads: number, length: number): Division {
  const blocks = Math.ceil(length / BLOCK);
  const units = (rows / length) * blocks;
  if (c.grainOf(rows) % (heads * length) !== 0) {
    return {
      units,
      grain: 1,
      reads: (slots) => readsAll(...slots),
      writes: (slots) => writesAll(...slots),
    };
  }
  return {
    units,
    grain: heads * blocks,
    reads: (slots) => readsRows(units, ...slots),
    writes: (slots) => writesRows(units, ...slots),
  };
}

const addresses = (slots: readonly Run[]): number[] => slots.map(({ at }) => at);

const attentionForward: Lowering = (c) => {
  const q8 = c.input("q8", "i8");
  const inputs = [
    q8,
    c.input("qe", "i16"),
    c.input("k8", "i8"),
    c.input("ke", "i16"),
    c.input("v", "i16"),
    c.input("ve", "i16"),
    c.input("x", "i16"),
  ];
  const [o, max, sum] = [c.output(0), c.output(1), c.output(2)];
  const { heads, group, queries, keys, scale } = c.params;
  const { units, grain, reads, writes } = divide(c, q8.tensor.rows, heads!, queries!);
  const frame = [heads!, group!, queries!, keys!, q8.tensor.columns, scale!];
  return [
    {
      kernel: "attentionForward",
      units,
      grain,
      args: [...addresses([...inputs, max, sum]), ...frame, c.exp2, o.at],
      touches: [...reads(inputs), ...writes([o, max, sum])],
    },
  ];
};

const ROWS = ["q8", "qe", "k8", "ke", "v8", "ve", "do8", "doe", "max", "sum"] as const;

const attentionBackward: Lowering = (c) => {
  const inputs = ROWS.map((name) => c.input(name));
  const between = [c.temporary(0), c.temporary(1), c.temporary(2)];
  return [byQuery(c, inputs, between), byKey(c, inputs, between)];
};

type Inputs = readonly ReturnType<LoweringContext["input"]>[];

function byQuery(c: LoweringContext, inputs: Inputs, between: readonly Run[]): Draft {
  const { heads, group, queries: length, scale } = c.params;
  const [q8, , , , v8] = inputs;
  const { units, grain, reads, writes } = divide(c, q8!.tensor.rows, heads!, length!);
  const outputs = [c.output(0), c.output(1)];
  const sizes = [q8!.tensor.columns, v8!.tensor.columns];
  return {
    kernel: "attentionBackwardByQuery",
    units,
    grain,
    args: [
      ...addresses(inputs),
      heads!,
      group!,
      length!,
      ...sizes,
      scale!,
      c.exp2,
      ...addresses([...between, ...outputs]),
    ],
    touches: [...reads(inputs), ...writes([...between, ...outputs])],
  };
}

function byKey(c: LoweringContext, inputs: Inputs, between: readonly Run[]): Draft {
  const { heads, group, queries: length } = c.params;
  const [q8, qe, k8, , v8, , do8, doe] = inputs;
  const keyHeads = heads! / group!;
  const { units, grain, reads, writes } = divide(c, k8!.tensor.rows, keyHeads, length!);
  const outputs = [c.output(2), c.output(3), c.output(4), c.output(5)];
  const sizes = [q8!.tensor.columns, v8!.tensor.columns];
  const right = [q8!, qe!, do8!, doe!];
  return {
    kernel: "attentionBackwardByKey",
    units,
    grain,
    args: [...addresses([...between, ...right]), group!, length!, ...sizes, ...addresses(outputs)],
    touches: [...reads([...between, ...right]), ...writes(outputs)],
  };
}

export const fusedLowerings: Readonly<Record<string, Lowering>> = {
  "fused.attentionForward": attentionForward,
  "fused.attentionBackward": attentionBackward,
};
