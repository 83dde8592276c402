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
        const ends = sequences.map((each) => text.indexOf(each)).filter((at) => at >= 0);
        expect(stopped).toBe(ends.length > 0);
        expect(shown.join("")).toBe(ends.length > 0 ? text.slice(0, Math.min(...ends)) : text);
      },
    ),
  );
});
