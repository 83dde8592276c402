/** Which operations of a program compute a tensor: what has to be shown of a run by whoever wants to see those tensors. */
import type { Program } from "./program.ts";

/** Positions of the operations that write any of the tensors. */
export function writersOf(program: Program, tensors: ReadonlySet<number>): ReadonlySet<number> {
  const found = new Set<number>();
  for (const [position, { outputs }] of program.operations.entries()) {
    if (outputs.some((id) => tensors.has(id))) found.add(position);
  }
  return found;
}
