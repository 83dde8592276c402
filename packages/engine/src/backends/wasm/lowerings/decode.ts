/** Lowerings of decoding with caches: the kernels of attention know one sequence, and each sequence is a call. */
import {
  type Draft,
  dtypeNumber,
  type Lowering,
  readsAll,
  readsRows,
  type Slot,
  writesAll,
  writesRows,
} from "../draft.ts";

/** A slot's rows of one sequence. */
type Part = Pick<Slot, "at" | "bytes">;

/** One draft for each sequence: `partOf` takes a slot to the rows that the sequence has of it. */
function eachSequence(
  count: number,
  draftOf: (partOf: (slot: Slot) => Part, sequence: number) => Draft,
): Draft[] {
  return Array.from({ length: count }, (_, sequence) =>
    draftOf(({ at, bytes }) => {
      const own = bytes / count;
      return { at: at + sequence * own, bytes: own };
    }, sequence),
  );
}

const rotate: Lowering = (c) => {
  const x = c.input("x", "i32");
  const rope = c.input("rope", "i16");
  const position = c.input("position", "i32");
  const { rows: sequences } = position.tensor;
  const { rows, columns: size } = c.output(0).tensor;
  const { heads, length, exponent } = c.params;
  return eachSequence(sequences, (partOf) => {
    const own = partOf(x);
    const start = partOf(position);
    const z8 = partOf(c.output(0));
    const e = partOf(c.output(1));
    const units = rows / sequences;
    return {
      kernel: "splitHeads",
      units,
      grain: 1,
      args: [own.at, 0, exponent!, rope.at, heads!, length!, size, 0, start.at, 8, z8.at, e.at],
      touches: [...readsAll(own, rope, start), ...writesRows(units, z8, e)],
    };
  });
};

const cacheWrite: Lowering = (c) => {
  const position = c.input("position", "i32");
  const { rows: sequences } = position.tensor;
  const { rows } = c.input("next").tensor;
  const { capacity, length } = c.params;
  return eachSequence(sequences, (partOf) => {
    const cache = partOf(c.input("cache"));
    const next = partOf(c.input("next"));
    const past = partOf(position);
    const units = rows / sequences;
    return {
      kernel: "cacheRows",
      units,
      grain: 1,
      args: [cache.at, next.at, past.at, capacity!, length!, next.bytes / units],
      touches: [...readsAll(next, past), ...writesAll(cache)],
    };
  });
};

const BYTES = new Set(["q8", "k8", "pastK8"]);
const NAMES = ["q8", "qe", "k8", "ke", "v", "ve", "pastK8", "pastKe", "pastV", "pastVe"] as const;

const attention: Lowering = (c) => {
  const inputs = NAMES.map((name) => c.input(name, BYTES.has(name) ? "i8" : "i16"));
  const position = c.input("position", "i32");
  const { heads, group, length, capacity, scale } = c.params;
  const { columns: size } = inputs[0]!.tensor;
  const { columns: valueSize } = inputs[4]!.tensor;
  return eachSequence(position.tensor.rows, (partOf) => {
    const parts = inputs.map(partOf);
    const past = partOf(position);
    const o = partOf(c.output(0));
    const shape = [heads!, group!, length!, capacity!, size, valueSize, scale!];
    return {
      kernel: "decodeAttention",
      units: heads! * length!,
      grain: 1,
      args: [...parts.map(({ at }) => at), past.at, ...shape, c.exp2, o.at],
      touches: [...readsAll(...parts, past), ...writesAll(o)],
    };
  });
};

/** The kernels of products know factors that lie one behind the other: whole sequences are divided among the threads. */
const product: Lowering = (c) => {
  const a = c.input("a", "i8");
  const b = c.input("b");
  const acc = c.output(0);
  const { chunk, rank } = c.params;
  const { rows, columns } = a.tensor;
  const shared = rows / (b.tensor.rows / rank!);
  const kind = dtypeNumber(b) === 1 ? 2 : 0;
  return [
    {
      kernel: "gemmRows",
      units: rows,
      grain: c.grainOf(rows),
      args: [a.at, b.at, kind, rows, columns, rank!, chunk!, acc.at, 0, shared],
      touches: [...readsRows(rows, a), ...readsAll(b), ...writesRows(rows, acc)],
    },
  ];
};

const rankQuantise: Lowering = (c) => {
  const acc = c.input("acc", "i32");
  const factor = c.input("factor", "i16");
  const m = c.input("m", "i32");
  const [u, e] = [c.output(0), c.output(1)];
  const { rank, alphaShift } = c.params;
  const { rows, columns } = acc.tensor;
  const shared = rows / factor.tensor.rows;
  const shape = [rank!, alphaShift!];
  return [
    {
      kernel: "rankQuantise",
      units: rows,
      grain: c.grainOf(rows),
      args: [acc.at, columns / rank!, factor.at, m.at, 0, ...shape, u.at, e.at, shared],
      touches: [...readsRows(rows, acc, m), ...readsAll(factor), ...writesRows(rows, u, e)],
    },
  ];
};

export const decodeLowerings: Readonly<Record<string, Lowering>> = {
  "decode.rotate": rotate,
  "cache.write": cacheWrite,
  "decode.attention": attention,
  "decode.product": product,
  "decode.rank": rankQuantise,
};
