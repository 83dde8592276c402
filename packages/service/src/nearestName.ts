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
  // Two swapped letters are two edits, which even a short name must be allowed.
  const editsMax = given.length < 4 ? 1 : Math.max(2, Math.floor(given.length * 0.4));
  return distance(lower, nearest) <= editsMax ? found : undefined;
}
