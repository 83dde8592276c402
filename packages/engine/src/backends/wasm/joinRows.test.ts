import { buildTrainingProgram, LINEARS } from "@r3mes/models";
import { expect, test } from "vitest";
import { readsAll, readsRows, type Touch, writesRows } from "./draft.ts";
import { attentionTrees } from "./fuseAttention.ts";
import { joinRows, type Member, type StepDraft } from "./joinRows.ts";
import { transposedCopies } from "./loadWeights.ts";
import { lowerSteps } from "./lowerSteps.ts";
import { planFixed, planMemory } from "./planMemory.ts";
import { schedule } from "./schedule.ts";
import { fusedSteps } from "./steps.ts";

const ROWS = 64;
/** 16 KiB for each of 64 rows. */
const wide = (index: number) => ({ at: index << 20, bytes: 1 << 20 });
const X = wide(1);
const H = wide(2);
const Q = wide(3);

function draftOf(
  kind: string,
  touches: readonly Touch[],
  rest: Partial<StepDraft> = {},
): StepDraft {
  return { kind, kernel: "quantiseRows", units: ROWS, grain: 8, args: [], touches, ...rest };
}

const gate = draftOf("gate", [...readsRows(ROWS, X), ...writesRows(ROWS, H)]);
const shapeOf = (drafts: readonly StepDraft[]) =>
  joinRows(drafts).map((group) => group.map(({ draft }) => draft.kind));

test("what depends on its own rows alone passes together, in blocks that a cache holds", () => {
  const magnitude = { at: 4 << 20, bytes: 2 * ROWS };
  const group = [
    gate,
    draftOf("magnitude", [...readsRows(ROWS, H), ...writesRows(ROWS, magnitude)]),
    draftOf("quantise", [...readsRows(ROWS, H, magnitude), ...writesRows(ROWS, Q)]),
  ];
  expect(shapeOf(group)).toEqual([["gate", "magnitude", "quantise"]]);
  // Three wide tensors of 16 KiB a row: five rows would fit, and blocks begin at multiples of eight.
  expect(joinRows(group)[0]!.map(({ block }) => block)).toEqual([8, 8, 8]);
  expect(schedule(group, 2).map(({ joined, block }) => [joined, block])).toEqual([
    [2, 8],
    [0, 8],
    [0, 8],
  ]);
});

test("a command with several units in a row takes as many rows at a time", () => {
  const blocks = { at: 4 << 20, bytes: 6 * ROWS };
  const magnitudes = draftOf(
    "magnitude",
    [...readsRows(3 * ROWS, H), ...writesRows(3 * ROWS, blocks)],
    { units: 3 * ROWS, grain: 24 },
  );
  expect(joinRows([gate, magnitudes]).map((group) => group.map(({ block }) => block))).toEqual([
    [8, 24],
  ]);
});

test.each<readonly [string, StepDraft]>([
  ["reads all that another wrote", draftOf("quantise", readsAll(H))],
  ["reads rows of another width", draftOf("reduce.max", readsRows(ROWS, { ...H, bytes: 512 }))],
  [
    "writes over what another reads",
    draftOf("norm.dot", writesRows(ROWS, { ...X, at: X.at + 64 })),
  ],
  ["is divided at other rows", draftOf("quantise", readsRows(ROWS, H), { grain: 16 })],
  ["has other rows", draftOf("quantise", readsRows(48, H), { units: 48 })],
  ["follows heads", draftOf("heads.split", readsRows(ROWS, H))],
  ["is a product", draftOf("linear", readsRows(ROWS, H))],
])("a command stays alone that %s", (_what, draft) => {
  expect(shapeOf([gate, draft])).toEqual([["gate"], [draft.kind]]);
  expect(joinRows([gate, draft])[1]![0]!.block).toBe(draft.units);
});

/** From the magnitudes of a gate's two sides to the codes of its norm, over two chunks of columns. */
const GATE = [
  ...["magnitude reduce.max magnitude reduce.max gate magnitude reduce.max"],
  ...["norm.squares reduce.sum norm.mantissa reduce.max norm.quantise"],
].join(" ");

/** The bytes that block `index` of a member touches. */
function touchedBy({ draft, block }: Member, index: number) {
  const from = Math.min(index * block, draft.units);
  const to = Math.min(from + block, draft.units);
  return draft.touches
    .filter(() => from < to)
    .map(({ at, bytes, units, writes }) => ({
      from: units === 0 ? at : at + Math.floor((bytes * from) / units),
      to: units === 0 ? at + bytes : at + Math.ceil((bytes * to) / units),
      writes,
    }));
}

test("in a whole training step no block touches what another block of its group writes", () => {
  const shape = {
    ...{ hidden: 512, layers: 2, heads: 8, kvHeads: 4, headSize: 64 },
    ...{ ffn: 1536, vocabulary: 64, context: 64 },
  };
  const adapter = { rank: 8, alpha: 16, targets: LINEARS };
  const program = buildTrainingProgram(shape, {
    ...{ sequences: 2, length: 32, adapter, optimizer: "adam" },
  });
  const copies = transposedCopies(program);
  const steps = fusedSteps(program, attentionTrees(program));
  const [fixed] = planFixed([{ program, state: "" }], { start: 0, copiesOf: transposedCopies });
  const plan = planMemory(program, steps, fixed!);
  const frame = { program, threads: 1, plan, copies, steps };
  const drafts = lowerSteps({ ...frame, tables: { exp2: 0, log2: 0 } }).flat();
  const groups = joinRows(drafts);
  expect(groups.flatMap((group) => group.map(({ draft }) => draft))).toEqual(drafts);
  const gates = groups.filter((group) => group.some(({ draft }) => draft.kind === "gate"));
  expect(gates.map((group) => group.map(({ draft }) => draft.kind).join(" "))).toEqual(
    Array(shape.layers).fill(GATE),
  );
  let pairs = 0;
  for (const group of groups.filter(({ length }) => length > 1)) {
    const blocks = Math.max(...group.map(({ draft, block }) => Math.ceil(draft.units / block)));
    for (let one = 0; one < blocks; one++) {
      const ours = group.flatMap((member) => touchedBy(member, one));
      for (let other = one + 1; other < blocks; other++) {
        const theirs = group.flatMap((member) => touchedBy(member, other));
        const clashes = ours.filter((a) =>
          theirs.some((b) => (a.writes || b.writes) && a.from < b.to && b.from < a.to),
        );
        expect(clashes).toEqual([]);
        pairs += 1;
      }
    }
  }
  expect(pairs).toBeGreaterThan(100);
});
