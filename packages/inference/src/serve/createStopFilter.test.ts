import fc from "fast-check";
import { expect, test } from "vitest";
import { createStopFilter } from "./createStopFilter.ts";

function filter(pieces: readonly string[], sequences: readonly string[]) {
  const stop = createStopFilter(sequences);
  const shown: string[] = [];
  for (const piece of pieces) {
    const { text, stopped } = stop.push(piece);
    shown.push(text);
    if (stopped) return { shown, stopped };
  }
  return { shown: [...shown, stop.end()], stopped: false };
}

test("a text ends before the first sequence, even one that comes in parts", () => {
  expect(filter(["one E", "N", "D two"], ["END", "two"])).toEqual({
    shown: ["one ", "", ""],
    stopped: true,
  });
});

test("what only looked like a sequence is given out", () => {
  expect(filter(["a E", "N", "E", "N"], ["END"])).toEqual({
    shown: ["a ", "", "EN".concat(""), "", "EN"],
    stopped: false,
  });
});

test("without sequences nothing is held back", () => {
  expect(filter(["a", "b"], [])).toEqual({ shown: ["a", "b", ""], stopped: false });
});

test("a sequence that is whole inside a longer one ends the text", () => {
  expect(filter(["baca"], ["baca", "a"])).toEqual({ shown: ["b"], stopped: true });
  expect(filter(["ba", "ca"], ["baca", "a"])).toEqual({ shown: ["b"], stopped: true });
});

test("of two sequences that end together the longer one ends the text", () => {
  expect(filter(["xabc"], ["bc", "abc"])).toEqual({ shown: ["x"], stopped: true });
});

/** The definition: letters are read one by one until what is read ends in a sequence, and the longest of those is cut off. */
function cutByLetter(text: string, sequences: readonly string[]) {
  for (let length = 1; length <= text.length; length += 1) {
    const read = text.slice(0, length);
    const ends = sequences.filter((sequence) => read.endsWith(sequence));
    const longest = Math.max(...ends.map((sequence) => sequence.length));
    if (ends.length > 0) return { shown: read.slice(0, -longest), stopped: true };
  }
  return { shown: text, stopped: false };
}

test("however a text is cut, it ends at the same place", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 24 });
  const sequence = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      letters,
      fc.array(sequence, { maxLength: 3 }),
      fc.array(fc.nat(24), { maxLength: 8 }),
      (text, sequences, cuts) => {
        const places = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b)];
        const pieces = places.map((from, i) => text.slice(from, places[i + 1] ?? text.length));
        const { shown, stopped } = filter(pieces, sequences);
        expect({ shown: shown.join(""), stopped }).toEqual(cutByLetter(text, sequences));
      },
    ),
  );
});
