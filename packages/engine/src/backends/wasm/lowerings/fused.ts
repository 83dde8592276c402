/** Lowerings of the trees that fuseAttention finds. */
import { type Lowering, readsAll, type Touch, writesAll, writesRows } from "../draft.ts";

/** Query or key rows of one part. */
const BLOCK = 32;

const attentionForward: Lowering = (c) => {
  const q8 = c.input("q8", "i8");
  const inputs = [
    q8,
    c.input("qe", "i16"),
    c.input("k8", "i8"),
    c.input("ke", "i16"),
    c.input("v8", "i8"),
    c.input("ve", "i16"),
    c.input("x", "i16"),
  ];
  const [o, max, sum] = [c.output(0), c.output(1), c.output(2)];
  const { heads, group, queries, keys, scale } = c.params;
  const size = q8.tensor.columns;
  const blocks = Math.ceil(queries! / BLOCK);
  const units = (q8.tensor.rows / queries!) * blocks;
  const grain = c.grainOf(q8.tensor.rows) % (heads! * queries!) === 0 ? heads! * blocks : 1;
  return [
    {
      kernel: "attentionForward",
      units,
      grain,
      args: [
        ...inputs.map((slot) => slot.at),
        max.at,
        sum.at,
        heads!,
        group!,
        queries!,
        keys!,
        size,
        scale!,
        c.exp2,
        o.at,
      ],
      touches:
        grain === 1
          ? [...readsAll(...inputs), ...writesAll(o, max, sum)]
          : [...inputs.map((slot) => part(slot, units, false)), ...writesRows(units, o, max, sum)],
    },
  ];
};

/** A tensor of whole sequences, seen from parts of which whole sequences are made. */
function part(slot: { at: number; bytes: number }, units: number, writes: boolean): Touch {
  return { at: slot.at, bytes: slot.bytes, perUnit: slot.bytes / units, writes };
}

const attentionBackward: Lowering = (c) => {
  const names = ["q8", "qe", "k8", "ke", "v8", "ve", "do8", "doe", "max", "sum"] as const;
  const inputs = names.map((name) => c.input(name));
  const [p16, d32, exponents] = [c.temporary(0), c.temporary(1), c.temporary(2)];
  const [dq, dm, dk, km, dv, vm] = [0, 1, 2, 3, 4, 5].map((index) => c.output(index));
  const { heads, group, queries: length, scale } = c.params;
  const rows = inputs[0]!.tensor.rows;
  const size = inputs[0]!.tensor.columns;
  const valueSize = inputs[4]!.tensor.columns;
  const blocks = Math.ceil(length! / BLOCK);
  const bySequence = c.grainOf(rows) % (heads! * length!) === 0;
  const queryUnits = (rows / length!) * blocks;
  const keyUnits = queryUnits / group!;
  const reads = (units: number) =>
    inputs.map((slot) => (bySequence ? part(slot, units, false) : readsAll(slot)[0]!));
  const between = (units: number, writes: boolean): Touch[] =>
    [p16, d32, exponents].map((slot) =>
      bySequence ? part(slot, units, writes) : { ...slot, perUnit: 0, writes },
    );
  const outputs = (units: number, slots: readonly (typeof dq)[]) =>
    slots.flatMap((slot) => (bySequence ? writesRows(units, slot) : writesAll(slot!)));
  const at = (name: (typeof names)[number]) => inputs[names.indexOf(name)]!.at;
  return [
    {
      kernel: "attentionBackwardByQuery",
      units: queryUnits,
      grain: bySequence ? heads! * blocks : 1,
      args: [
        ...inputs.map((slot) => slot.at),
        heads!,
        group!,
        length!,
        size,
        valueSize,
        scale!,
        c.exp2,
        p16.at,
        d32.at,
        exponents.at,
        dq!.at,
        dm!.at,
      ],
      touches: [
        ...reads(queryUnits),
        ...between(queryUnits, true),
        ...outputs(queryUnits, [dq, dm]),
      ],
    },
    {
      kernel: "attentionBackwardByKey",
      units: keyUnits,
      grain: bySequence ? (heads! / group!) * blocks : 1,
      args: [
        p16.at,
        d32.at,
        exponents.at,
        at("q8"),
        at("qe"),
        at("do8"),
        at("doe"),
        group!,
        length!,
        size,
        valueSize,
        dk!.at,
        km!.at,
        dv!.at,
        vm!.at,
      ],
      touches: [
        ...reads(keyUnits),
        ...between(keyUnits, false),
        ...outputs(keyUnits, [dk, km, dv, vm]),
      ],
    },
  ];
};

export const fusedLowerings: Readonly<Record<string, Lowering>> = {
  "fused.attentionForward": attentionForward,
  "fused.attentionBackward": attentionBackward,
};
