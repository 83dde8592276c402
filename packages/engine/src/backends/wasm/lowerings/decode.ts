/** Lowerings of decoding with a cache. */
import { type Lowering, readsAll, writesAll, writesRows } from "../draft.ts";

const rotate: Lowering = (c) => {
  const x = c.input("x", "i32");
  const rope = c.input("rope", "i16");
  const position = c.input("position", "i32");
  const z8 = c.output(0);
  const e = c.output(1);
  const { rows, columns: size } = z8.tensor;
  const { heads, length, exponent } = c.params;
  return [
    {
      kernel: "splitHeads",
      units: rows,
      grain: 1,
      args: [x.at, 0, exponent!, rope.at, heads!, length!, size, 0, position.at, z8.at, e.at],
      touches: [...readsAll(x, rope, position), ...writesRows(rows, z8, e)],
    },
  ];
};

const cacheWrite: Lowering = (c) => {
  const cache = c.input("cache");
  const next = c.input("next");
  const position = c.input("position", "i32");
  const { rows } = next.tensor;
  const { capacity, length } = c.params;
  return [
    {
      kernel: "cacheRows",
      units: rows,
      grain: 1,
      args: [cache.at, next.at, position.at, capacity!, length!, next.bytes / rows],
      touches: [...readsAll(next, position), ...writesAll(cache)],
    },
  ];
};

const BYTES = new Set(["q8", "k8", "v8", "pastK8", "pastV8"]);
const NAMES = ["q8", "qe", "k8", "ke", "v8", "ve", "pastK8", "pastKe", "pastV8", "pastVe"] as const;

const attention: Lowering = (c) => {
  const inputs = NAMES.map((name) => c.input(name, BYTES.has(name) ? "i8" : "i16"));
  const position = c.input("position", "i32");
  const o = c.output(0);
  const { heads, group, length, capacity, scale } = c.params;
  const size = inputs[0]!.tensor.columns;
  const valueSize = inputs[4]!.tensor.columns;
  return [
    {
      kernel: "decodeAttention",
      units: heads! * length!,
      grain: 1,
      args: [
        ...inputs.map((slot) => slot.at),
        position.at,
        heads!,
        group!,
        length!,
        capacity!,
        size,
        valueSize,
        scale!,
        c.exp2,
        o.at,
      ],
      touches: [...readsAll(...inputs, position), ...writesAll(o)],
    },
  ];
};

export const decodeLowerings: Readonly<Record<string, Lowering>> = {
  "decode.rotate": rotate,
  "cache.write": cacheWrite,
  "decode.attention": attention,
};
