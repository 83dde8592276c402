/** Enum words of the API as a reader expects them: `carried_over` is `carried over`. */

export function wordsOf(word: string): string {
  return word
    .replaceAll("_", " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
}
