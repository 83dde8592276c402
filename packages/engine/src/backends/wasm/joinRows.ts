/**
 * Which commands pass through their rows together: a thread takes a few rows through all commands of a group before the next few, so
 * that what one command writes is read by the next from a near cache. The rule of who may join stands here and nowhere else.
 */
import type { Draft, Touch } from "./draft.ts";

/** A draft, and the kind of the step that it is of. */
export interface StepDraft extends Draft {
  readonly kind: string;
}

export interface Member {
  readonly draft: StepDraft;
  /** Units that it takes at a time. */
  readonly block: number;
}

/**
 * Kinds of which each row of the outputs depends on the same row of the inputs alone, wherever a part begins. Products are not among
 * them: they lay out their right operand for a block of rows, and want many. Nor is what follows heads, whose parts are rows of a
 * token only as long as they are whole sequences. A reduction over rows joins nothing that writes them, by what it touches.
 */
const ROW_KINDS: ReadonlySet<string> = new Set([
  "embed",
  "fold.quantise",
  "gate",
  "gate.backward",
  "magnitude",
  "norm.backward",
  "norm.backwardResidual",
  "norm.dot",
  "norm.epsilon",
  "norm.mantissa",
  "norm.quantise",
  "norm.squares",
  "quantise",
  "rank.quantise",
  "reduce.max",
  "reduce.sum",
]);

/** True of a kind whose steps may join, if their memory allows it. */
export const keepsToRows = (kind: string): boolean => ROW_KINDS.has(kind);

/** What a block touches of all tensors of its group: half of a small second cache. */
const BLOCK_BYTES = 256 << 10;
/** Blocks begin where parts may: at multiples of so many rows. */
const BLOCK_GRAIN = 8;

/** The drafts in their order, cut into groups; most have one member. */
export function joinRows(drafts: readonly StepDraft[]): (readonly Member[])[] {
  const groups: StepDraft[][] = [];
  for (const draft of drafts) {
    const group = groups.at(-1);
    if (group?.every((member) => mayJoin(member, draft))) group.push(draft);
    else groups.push([draft]);
  }
  return groups.map(membersOf);
}

/** True if no rows of the one touch what other rows of the other write, and both are divided at the same rows. */
function mayJoin(a: StepDraft, b: StepDraft): boolean {
  return (
    keepsToRows(a.kind) &&
    keepsToRows(b.kind) &&
    (a.units % b.units === 0 || b.units % a.units === 0) &&
    a.units * b.grain === b.units * a.grain &&
    a.touches.every((one) => b.touches.every((other) => keepApart(one, other)))
  );
}

/** Equal runs of bytes that are cut into rows are the same rows at every cut. */
function keepApart(a: Touch, b: Touch): boolean {
  const isShared = a.at < b.at + b.bytes && b.at < a.at + a.bytes;
  if (!isShared || !(a.writes || b.writes)) return true;
  return a.units > 0 && b.units > 0 && a.at === b.at && a.bytes === b.bytes;
}

function membersOf(group: readonly StepDraft[]): readonly Member[] {
  const rows = Math.min(...group.map(({ units }) => units));
  const bytes = new Map<number, number>();
  for (const { at, bytes: own, units } of group.flatMap(({ touches }) => touches)) {
    if (units > 0) bytes.set(at, own);
  }
  const ofRow = [...bytes.values()].reduce((sum, own) => sum + own, 0) / rows;
  const block = Math.max(1, Math.floor(BLOCK_BYTES / ofRow / BLOCK_GRAIN)) * BLOCK_GRAIN;
  const isAlone = group.length === 1;
  return group.map((draft) => ({
    draft,
    block: isAlone ? draft.units : Math.min(block * (draft.units / rows), draft.units),
  }));
}
