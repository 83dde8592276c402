/** The squared-ReLU gate, with rows that have no positive part, and rows that pass through a kernel in pieces. */
import {
  all,
  alternate,
  type OperationCase,
  operationCase,
  random,
  rows,
  uneven,
} from "./operationCase.ts";

export function gateCases(): OperationCase[] {
  const fills = [
    ["uneven rows", 64, uneven(21), uneven(22), uneven(23)],
    ["no positive gate", 64, all(-5), random(20, 24), random(18, 25)],
    ["saturating", 64, all(2 ** 30), all(-(2 ** 30)), alternate(2 ** 30, -(2 ** 30))],
    ["long rows", 336, uneven(26), uneven(27), uneven(28)],
  ] as const;
  return fills.map(([label, columns, gateFill, upFill, gradientFill]) =>
    operationCase(`gate: ${label}`, (c) => {
      const gate = c.input("gate", "i32", 12, columns, gateFill);
      const up = c.input("up", "i32", 12, columns, upFill);
      const over = { chunkRows: 1, chunkColumns: columns, exponent: 16 };
      const gm = c.one("magnitude", "gm", { x: gate }, { ...over, relu: 1 });
      const um = c.one("magnitude", "um", { x: up }, { ...over, relu: 0 });
      c.builder.add("gate", "h", { gate, up, gm, um });
      const dh = c.input("dh", "i32", 12, columns, gradientFill);
      const de = c.input("de", "i16", 12, 1, rows(all(30), all(-70), all(16384)));
      const dhm = c.one("magnitude", "dhm", { x: dh, e: de }, { ...over, exponent: 0, relu: 0 });
      for (const side of [0, 1])
        c.builder.add("gate.backward", `d${side}`, { dh, de, dhm, gate, up, gm, um }, { side });
    }),
  );
}
