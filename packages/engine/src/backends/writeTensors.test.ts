import { expect, test } from "vitest";
import type { Tensor } from "../program/program.ts";
import { writeTensors } from "./writeTensors.ts";

const tensor = (name: string, columns: number): Tensor => ({
  ...{ name, dtype: "i8", role: "state", rows: 1, columns, tile: { rows: 1, columns } },
});
const program = { name: "two", tensors: [tensor("a", 3), tensor("b", 1)], operations: [] };

test("each tensor is given its own bytes, in the order of the names", () => {
  const written: (readonly [string, Uint8Array])[] = [];
  const session = {
    program,
    write: (name: string, bytes: Uint8Array) => void written.push([name, bytes]),
  };
  writeTensors(session, ["b", "a"], Uint8Array.of(4, 1, 2, 3));
  expect(written).toEqual([
    ["b", Uint8Array.of(4)],
    ["a", Uint8Array.of(1, 2, 3)],
  ]);
  expect(() => writeTensors(session, ["a"], new Uint8Array(4))).toThrow("bytes are those");
});

test("a session that writes all at once is told once", () => {
  const told: unknown[] = [];
  const session = {
    program,
    write: () => expect.unreachable(),
    writeAll: (...all: unknown[]) => void told.push(all),
  };
  writeTensors(session, ["a", "b"], new Uint8Array(4));
  expect(told).toEqual([[["a", "b"], new Uint8Array(4)]]);
});
