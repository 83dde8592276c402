/** What a run shows, handed on in program order: an operation that a tree hides is run behind it, later than its place. */
import type { Observer } from "../backend.ts";

/** @param positions of all operations that will be shown, ascending */
export function inProgramOrder(
  observe: Observer,
  positions: readonly number[],
): (position: number, outputs: readonly Uint8Array[]) => void {
  const held = new Map<number, readonly Uint8Array[]>();
  let next = 0;
  return (position, outputs) => {
    held.set(position, outputs);
    for (; next < positions.length; next += 1) {
      const due = positions[next]!;
      const ready = held.get(due);
      if (ready === undefined) return;
      held.delete(due);
      for (const [output, bytes] of ready.entries()) observe(due, output, bytes);
    }
  };
}
