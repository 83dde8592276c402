/**
 * The low-rank products of sequences that are decoded together, each with an adapter of its own (spec/arithmetic.md sections 6
 * and 7): what gemm, rank.quantise and linear compute, with the factors of the sequence that a row belongs to. Factors lie
 * one sequence after another. Programs that decode are not traced.
 */
import type { Tensor } from "../program/program.ts";
import { gemm } from "./gemm.ts";
import { type Kind, requireShape, type Shapes, type View } from "./kind.ts";
import { linear } from "./linear.ts";
import { rankQuantise } from "./rank.ts";
import { eachRow, whole } from "./regions.ts";

type AnyShapes = Shapes<string, string, string>;

/** Rows that each sequence has of an input, by the input's name; the others are shared or have a row for each row of the output. */
type OwnRows = (s: AnyShapes) => Readonly<Record<string, number>>;

interface Own {
  readonly params: readonly string[];
  /** Optional inputs of the base that a sequence cannot do without, in the order of their slots. */
  readonly required: readonly string[];
  readonly ownRows: OwnRows;
}

/** The kind that computes what `base` does, one sequence after another. */
function eachSequence(base: Kind, name: string, { params, required, ownRows }: Own): Kind {
  const ofOne = (s: AnyShapes): AnyShapes => {
    const tensors: Record<string, Tensor> = { ...(s.in as Record<string, Tensor>) };
    for (const [input, rows] of Object.entries(ownRows(s))) {
      tensors[input] = { ...tensors[input]!, rows };
    }
    return { ...s, in: tensors };
  };
  return {
    name,
    inputs: [...base.inputs, ...required],
    optional: base.optional.slice(required.length),
    outputs: base.outputs,
    params,
    shape: (s) => {
      const counts = Object.entries(ownRows(s)).map(([input, rows]) => s.in[input]!.rows / rows);
      const [count] = counts as [number];
      const length = s.in[base.inputs[0]!]!.rows / count;
      const areWhole = Number.isInteger(count) && Number.isInteger(length);
      const fits = areWhole && counts.every((other) => other === count);
      requireShape(fits, "factors are those of whole sequences");
      return base.shape(ofOne(s));
    },
    bounds: (s) => base.bounds(ofOne(s)),
    work: () => 0,
    closure: (s) =>
      Object.entries(s.in as Record<string, Tensor>).map(([input, tensor]) => [
        input,
        [whole(tensor)],
      ]),
    define: base.define.map((define) => (x) => {
      const own = Object.entries(ownRows(x));
      const [[first, firstRows]] = own as [[string, number]];
      const length = (x.in[base.inputs[0]!]!.rows * firstRows) / x.in[first]!.rows;
      eachRow(x.region, (row) => {
        const sequence = Math.floor(row / length);
        const view: Record<string, View> = { ...(x.view as Record<string, View>) };
        for (const [input, rows] of own) view[input] = behind(view[input]!, sequence * rows);
        define({ ...x, ...ofOne(x), view, region: { ...x.region, row, rows: 1 } });
      });
    }),
  };
}

function behind(view: View, first: number): View {
  return {
    at: (row, column) => view.at(first + row, column),
    wide: (row, column) => view.wide(first + row, column),
  };
}

/** acc i32 [T, rank * chunks]: gemm with b i16 [sequences * rank, columns]. */
export const decodeProduct = eachSequence(gemm, "decode.product", {
  params: ["chunk", "bits", "rank"],
  required: [],
  ownRows: ({ params }) => ({ b: params.rank! }),
});

/** u i16 [T, rank] and its exponents: rank.quantise with factor i16 [sequences, 1]. */
export const decodeRank = eachSequence(rankQuantise, "decode.rank", {
  params: ["rank", "alphaShift"],
  required: ["m"],
  ownRows: () => ({ factor: 1 }),
});

/** y i32 [T, outputs]: linear with b i16 [sequences * rank, outputs] and bm i16 [sequences, 1]. */
export const decodeLinear = eachSequence(linear, "decode.linear", {
  params: ["alphaShift"],
  required: ["u", "ue", "b", "bm"],
  ownRows: (s) => ({ b: s.in.u!.columns, bm: 1 }),
});
