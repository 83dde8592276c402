/** The known name that a misspelt one most likely means, for "did you mean". */
import { closest, distance } from "fastest-levenshtein";

/** Undefined when nothing is near: a far guess misleads more than it helps. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const lower = given.toLowerCase();
  const nearest = closest(
    lower,
    known.map((name) => name.toLowerCase()),
  );
  const found = known.find((name) => name.toLowerCase() === nearest)!;
  const editsMax = Math.max(1, Math.floor(Math.max(given.length, found.length) * 0.4));
  return distance(lower, nearest) <= editsMax ? found : undefined;
}
