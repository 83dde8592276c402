/** The known name that a misspelt one most likely means, for "did you mean". */
import { distance } from "fastest-levenshtein";

/** Undefined when nothing is near: a far guess misleads more than it helps. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const lower = given.toLowerCase();
  const [nearest] = known
    .map((name) => ({ name, edits: editsBetween(lower, name.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  if (nearest === undefined) return undefined;
  // A short name is another one after two edits.
  const editsMax = given.length < 4 ? 1 : Math.max(2, Math.floor(given.length * 0.4));
  return nearest.edits <= editsMax ? nearest.name : undefined;
}

/** Two swapped letters are one slip of a hand: a name of the same letters is nearer than one of others. */
function editsBetween(given: string, name: string): number {
  const edits = distance(given, name);
  return edits === 2 && lettersOf(given) === lettersOf(name) ? 1 : edits;
}

function lettersOf(word: string): string {
  return [...word].sort().join("");
}
