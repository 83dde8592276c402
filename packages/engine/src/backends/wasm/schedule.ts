/**
 * From drafts to commands: which command needs a barrier before it. Two commands may run without one
 * between them if no thread writes bytes that another thread's part reads or writes. The rule looks at
 * addresses, so memory that is used again by a later tensor is covered as well. Commands that pass through
 * their rows together are one command here: within a group threads keep to their own rows.
 */
import { type Command, partOf } from "./commands.ts";
import type { Draft, Touch } from "./draft.ts";
import { joinRows, type StepDraft } from "./joinRows.ts";
import { KERNEL_NAMES } from "./kernelNames.ts";

interface Reach {
  readonly thread: number;
  readonly from: number;
  readonly to: number;
  readonly writes: boolean;
}

export function schedule(drafts: readonly StepDraft[], threads: number): Command[] {
  let open: Reach[] = [];
  return joinRows(drafts).flatMap((group) => {
    const reaches = threads > 1 ? group.flatMap(({ draft }) => reachesOf(draft, threads)) : [];
    const barrier = reaches.some((reach) => open.some((o) => clash(o, reach)));
    open = barrier ? reaches : [...open, ...reaches];
    return group.map(({ draft, block }, i) => ({
      kernel: KERNEL_NAMES.indexOf(draft.kernel),
      units: draft.units,
      grain: draft.grain,
      barrier: barrier && i === 0,
      joined: i === 0 ? group.length - 1 : 0,
      block,
      args: draft.args,
    }));
  });
}

/** What each thread of a command touches; a thread without a part touches nothing. */
function reachesOf(draft: Draft, threads: number): Reach[] {
  const reaches: Reach[] = [];
  for (let thread = 0; thread < threads; thread++) {
    const [from, to] = partOf(draft.units, draft.grain, thread, threads);
    if (from === to) continue;
    for (const touch of draft.touches) reaches.push(reachOf(touch, thread, from, to));
  }
  return reaches;
}

/** Parts begin at whole rows, so the products below divide without a rest where rows do. */
function reachOf(touch: Touch, thread: number, from: number, to: number): Reach {
  const { at, bytes, units, writes } = touch;
  if (units === 0) return { thread, from: at, to: at + bytes, writes };
  const start = at + Math.floor((bytes * from) / units);
  return { thread, from: start, to: at + Math.ceil((bytes * to) / units), writes };
}

function clash(a: Reach, b: Reach): boolean {
  return (a.writes || b.writes) && a.thread !== b.thread && a.from < b.to && b.from < a.to;
}
