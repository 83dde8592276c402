/** Magnitudes, the aligned quantiser, and sums. */
import {
  all,
  alternate,
  type Fill,
  type OperationCase,
  operationCase,
  random,
  rows,
  uneven,
} from "./operationCase.ts";

export function quantiseCases(): OperationCase[] {
  const fills: readonly (readonly [string, Fill])[] = [
    ["uneven rows", uneven(1)],
    ["the ends of i32", alternate(2147483647, -2147483648)],
    ["nothing but zeros", all(0)],
    ["ties of both signs", alternate(3 * 2 ** 7, -3 * 2 ** 7)],
  ];
  return fills.flatMap(([label, fill]) =>
    [2, 8, 12, 16].map((bits) =>
      operationCase(`quantise to ${bits} bits: ${label}`, (c) => {
        const x = c.input("x", "i32", 12, 40, fill);
        const e = c.input("e", "i16", 12, 1, rows(all(0), all(300), all(-300), random(6, 3)));
        const over = { chunkRows: 1, chunkColumns: 16, exponent: 0, relu: 0 };
        const part = c.one("magnitude", "part", { x, e }, over);
        const m = c.one("reduce.max", "m", { x: part }, { chunkRows: 1, chunkColumns: 3 });
        c.one("quantise", "q", { x, m, e }, { bits, exponent: 0 });
        const positive = c.one(
          "magnitude",
          "positive",
          { x },
          { ...over, chunkColumns: 40, exponent: 16, relu: 1 },
        );
        const whole = c.one(
          "reduce.max",
          "whole",
          { x: positive },
          { chunkRows: 12, chunkColumns: 1 },
        );
        c.one("quantise", "wholeQ", { x, m: whole }, { bits, exponent: 16 });
        c.one("reduce.sum", "sum", { x }, { chunkRows: 5, chunkColumns: 7, wide: 1 });
      }),
    ),
  );
}
