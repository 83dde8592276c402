/**
 * Ends a text at the first of some sequences (spec/inference.md, "Answer"), however the text arrives. What may be the beginning of a
 * sequence is held back until it is known not to be one, so that nothing is given out that has to be taken back.
 */
export interface StopFilter {
  /** @returns the text that may be given out now, and whether a sequence has come */
  push(text: string): { readonly text: string; readonly stopped: boolean };
  /** @returns what was held back when no more text comes */
  end(): string;
}

export function createStopFilter(sequences: readonly string[]): StopFilter {
  let held = "";
  return {
    push(text) {
      held += text;
      const stop = firstPlace(held, sequences);
      const given = stop ?? held.length - heldLength(held, sequences);
      const shown = held.slice(0, given);
      held = stop === undefined ? held.slice(given) : "";
      return { text: shown, stopped: stop !== undefined };
    },
    end() {
      const rest = held;
      held = "";
      return rest;
    },
  };
}

/**
 * Where the sequence begins that is whole first; of two that end together, the longer. A text that comes in parts knows no other:
 * what is whole only later can start before it, but is not awaited.
 */
function firstPlace(text: string, sequences: readonly string[]): number | undefined {
  const places = sequences.flatMap((sequence) => {
    const at = text.indexOf(sequence);
    return at < 0 ? [] : { at, end: at + sequence.length };
  });
  return places.sort((a, b) => a.end - b.end || a.at - b.at)[0]?.at;
}

/** Length of the longest end of the text that begins a sequence. */
function heldLength(text: string, sequences: readonly string[]): number {
  const longest = sequences.reduce((length, sequence) => Math.max(length, sequence.length - 1), 0);
  for (let length = Math.min(longest, text.length); length > 0; length -= 1) {
    const end = text.slice(-length);
    if (sequences.some((sequence) => sequence.startsWith(end))) return length;
  }
  return 0;
}
