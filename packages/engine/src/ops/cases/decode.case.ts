/** Decoding: a cache that is filled to a position, with noise behind it. */
import {
  all,
  type Fill,
  type OperationCase,
  operationCase,
  random,
  uneven,
} from "./operationCase.ts";

const [HEADS, GROUP, LENGTH, CAPACITY, SIZE] = [4, 2, 3, 12, 16];
const KEY_HEADS = HEADS / GROUP;

function decodeCase(label: string, position: number, fill: Fill): OperationCase {
  return operationCase(`decode at ${position}: ${label}`, (c) => {
    const angles: Fill = (row, column) => (column < SIZE / 2 ? 16000 - 90 * row : 310 * row);
    const rope = c.input("rope", "i16", CAPACITY, SIZE, angles, "weight");
    const at = c.input("position", "i32", 1, 1, all(position), "constant");
    const rotate = (name: string, heads: number) => {
      const x = c.input(name, "i32", LENGTH, heads * SIZE, fill);
      const params = { heads, length: LENGTH, exponent: 16 };
      const [z8, e] = c.builder.add("decode.rotate", `${name}8`, { x, rope, position: at }, params);
      return { z8: z8!, e: e! };
    };
    const q = rotate("q", HEADS);
    const k = rotate("k", KEY_HEADS);
    const v = c.input("v", "i32", LENGTH, KEY_HEADS * SIZE, fill);
    const split = { heads: KEY_HEADS, length: LENGTH, exponent: 16 };
    const [v8, ve] = c.builder.add("heads.split", "v8", { x: v }, split);
    const rows = KEY_HEADS * CAPACITY;
    const past = {
      pastK8: c.input("pastK8", "i8", rows, SIZE, random(8, 3), "state"),
      pastKe: c.input("pastKe", "i16", rows, 1, random(4, 4), "state"),
      pastV8: c.input("pastV8", "i8", rows, SIZE, random(8, 5), "state"),
      pastVe: c.input("pastVe", "i16", rows, 1, random(4, 6), "state"),
    };
    const next = { k8: k.z8, ke: k.e, v8: v8!, ve: ve! };
    const inputs = { q8: q.z8, qe: q.e, ...next, ...past, position: at };
    const frame = { heads: HEADS, group: GROUP, length: LENGTH, capacity: CAPACITY, scale: 1477 };
    c.one("decode.attention", "o", inputs, frame);
    const params = { capacity: CAPACITY, length: LENGTH };
    const write = (cache: number, rowsOf: number) =>
      c.builder.add("cache.write", `write${cache}`, { cache, next: rowsOf, position: at }, params, {
        into: [cache],
      });
    write(past.pastK8, next.k8);
    write(past.pastVe, next.ve);
  });
}

export function decodeCases(): OperationCase[] {
  return [
    decodeCase("nothing cached", 0, random(18, 1)),
    decodeCase("some cached", 5, random(18, 2)),
    decodeCase("the last positions", CAPACITY - LENGTH, uneven(3)),
    decodeCase("new rows of zeros", 4, all(0)),
  ];
}
