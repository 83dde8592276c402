/** The order of stopping: groups, one after the other, so that nothing stops before what needs it. */
import type { ProcessSpec } from "./processSpec.ts";

type Needing = { readonly spec: Pick<ProcessSpec, "name" | "after"> };

export function stopWaves<Entry extends Needing>(
  entries: readonly Entry[],
): readonly (readonly Entry[])[] {
  const waves: (readonly Entry[])[] = [];
  let left = entries;
  while (left.length > 0) {
    const needed = new Set(left.flatMap(({ spec }) => spec.after));
    const wave = left.filter(({ spec }) => !needed.has(spec.name));
    // Only a circle could leave nobody that is not needed, and starting has refused that.
    if (wave.length === 0) return [...waves, left];
    waves.push(wave);
    left = left.filter((entry) => !wave.includes(entry));
  }
  return waves;
}
