/** The order of stopping: groups, one after the other, so that nothing stops before what needs it, but for what is made to stop first. */
import type { ProcessSpec } from "./processSpec.ts";

type Needing = { readonly spec: Pick<ProcessSpec, "name" | "after" | "stopsFirst"> };

export function stopWaves<Entry extends Needing>(
  entries: readonly Entry[],
): readonly (readonly Entry[])[] {
  const first = entries.filter(({ spec }) => spec.stopsFirst === true);
  const waves: (readonly Entry[])[] = first.length > 0 ? [first] : [];
  let left = entries.filter((entry) => !first.includes(entry));
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
