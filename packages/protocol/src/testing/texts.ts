/** Random well-formed texts over all of Unicode, the edges of every UTF-8 length among them. */
import fc from "fast-check";

const edges = [0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfeff, 0xffff, 0x10000, 0x10ffff];

const characters = fc
  .oneof(
    fc.constantFrom(...edges),
    fc.nat(0x7f),
    fc.nat(0xd7ff),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  )
  .map((point) => String.fromCodePoint(point));

export function texts(lengthMax: number): fc.Arbitrary<string> {
  return fc.array(characters, { maxLength: lengthMax }).map((items) => items.join(""));
}
