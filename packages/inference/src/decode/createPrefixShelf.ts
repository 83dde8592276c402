/**
 * Keeps the caches of texts that have ended, so that a text that begins alike need not compute its beginning again: the next turn of a
 * conversation, or another one after the same instructions. Texts of different adapters never share: their keys and values differ.
 */
import type { FactorCopies } from "../adapter/copyFactors.ts";
import type { CachedText, Decoder } from "./createDecoder.ts";

export interface PrefixShelf {
  /** A text that holds as much of the beginning of these tokens as is known, but not all of them. */
  take(adapter: FactorCopies | null, tokens: readonly number[]): Promise<CachedText>;
  /** Puts a text that has ended on the shelf, if it is long enough; the one that was unused for longest may have to go. */
  keep(text: CachedText): void;
  /** Drops the texts of an adapter that leaves: nobody begins with its copies, and they would keep them in memory. */
  forget(adapter: FactorCopies): void;
}

/** A shorter beginning is computed sooner than copied. */
const sharedTokensMin = 16;

export interface PrefixShelfDeps {
  readonly decoder: Pick<Decoder, "cacheBytes" | "copy" | "drop" | "forget" | "open" | "rewind">;
}

export function createPrefixShelf(
  options: { readonly bytesMax: number },
  { decoder }: PrefixShelfDeps,
): PrefixShelf {
  const textsMax = Math.floor(options.bytesMax / decoder.cacheBytes);
  /** Oldest first. */
  let texts: CachedText[] = [];
  return {
    async take(adapter, tokens) {
      const candidates = texts
        .filter((text) => text.adapter === adapter)
        .map((text) => ({ text, shared: sharedTokens(text.tokens, tokens) }));
      const best = candidates.reduce<(typeof candidates)[number] | undefined>(
        (most, next) => (next.shared > (most?.shared ?? sharedTokensMin - 1) ? next : most),
        undefined,
      );
      if (best === undefined) return decoder.open(adapter);
      const { text, shared } = best;
      // Most of it is wanted: go on from it. Else it is somebody else's conversation, which stays as it is.
      if (2 * shared < text.tokens.length) {
        const copied = await decoder.copy(text, shared);
        // While the copy waited the text may have been rewound further and gone on with other tokens.
        decoder.rewind(copied, sharedTokens(copied.tokens, tokens));
        return copied;
      }
      texts.splice(texts.indexOf(text), 1);
      decoder.rewind(text, shared);
      return text;
    },
    keep(text) {
      // Short ones would push out those that somebody begins with.
      if (text.tokens.length < sharedTokensMin) return decoder.drop(text);
      texts.push(text);
      while (texts.length > textsMax) decoder.drop(texts.shift()!);
    },
    forget(adapter) {
      for (const text of texts) if (text.adapter === adapter) decoder.drop(text);
      texts = texts.filter((text) => text.adapter !== adapter);
      decoder.forget(adapter);
    },
  };
}

/** How many tokens two texts begin with alike; one of the wanted ones is always left to be computed. */
function sharedTokens(known: readonly number[], wanted: readonly number[]): number {
  const longest = Math.min(known.length, wanted.length - 1);
  let count = 0;
  while (count < longest && known[count] === wanted[count]) count += 1;
  return count;
}
