/**
 * Remembers which of several workers met the beginning of a text last, since that one may still have its keys and values. It holds
 * hashes of whole blocks of tokens, never the tokens: two beginnings that hash alike cost one of them its cache, nothing else.
 */
export interface PrefixHomes<Home> {
  /** Where the longest known beginning of these tokens was met last. */
  find(adapter: string | null, tokens: readonly number[]): Home | undefined;
  /** All beginnings of these tokens were met here. */
  remember(adapter: string | null, tokens: readonly number[], home: Home): void;
}

/** A shorter beginning is computed sooner than looked for. */
const blockTokens = 16;

/** @param options.blocksMax beginnings that are remembered; those unmet for longest are forgotten first */
export function createPrefixHomes<Home>(options: {
  readonly blocksMax: number;
}): PrefixHomes<Home> {
  /** Oldest use first: a map keeps the order of insertion. */
  const homes = new Map<string, Home>();
  return {
    find(adapter, tokens) {
      const known = beginnings(adapter, tokens).findLast((beginning) => homes.has(beginning));
      return known === undefined ? undefined : homes.get(known);
    },
    remember(adapter, tokens, home) {
      for (const beginning of beginnings(adapter, tokens)) {
        homes.delete(beginning);
        homes.set(beginning, home);
      }
      for (const oldest of homes.keys()) {
        if (homes.size <= options.blocksMax) return;
        homes.delete(oldest);
      }
    },
  };
}

/** A name for the tokens up to the end of each whole block: 32 bits of FNV-1a over words, and the adapter. */
function beginnings(adapter: string | null, tokens: readonly number[]): string[] {
  const names: string[] = [];
  let hash = 0x811c9dc5;
  for (const [index, token] of tokens.entries()) {
    hash = Math.imul(hash ^ token, 0x01000193);
    if ((index + 1) % blockTokens === 0) names.push(`${hash} ${index} ${adapter ?? ""}`);
  }
  return names;
}
