import { readFileSync } from "node:fs";
import { toHex } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { KINDS } from "../ops/kinds.ts";
import { operationCases } from "../ops/operation.case.ts";
import { encodeRecord, recordsOf } from "./records.ts";

const spec = readFileSync(new URL("../../../../spec/step-program.md", import.meta.url), "utf8");

/** Rows of the table of kinds: numbers and names. */
const table = [...spec.matchAll(/^\| ([\d, ]+) \| (`[^|]+) \|/gm)].flatMap(([, numbers, names]) => {
  const listed = [...names!.matchAll(/`([\w.]+)`/g)].map(([, name]) => name!);
  return numbers!.split(", ").map((number, i) => [Number(number), listed[i]!] as const);
});

test("every kind has the number that the specification gives it", () => {
  expect(table).toEqual([...KINDS.keys()].map((name, i) => [i + 1, name]));
});

test("a record is these bytes: kind, output, counts, tensors with their shapes, parameters", () => {
  const { program } = operationCases.find(({ name }) => name.startsWith("cache.append"))!;
  const [record] = recordsOf(program);
  expect(toHex(encodeRecord(program, record!))).toBe(
    [
      "1b00" + "00" + "02" + "02",
      "02000000" + "01" + "2a000000" + "10000000" + "0800" + "1000",
      "00000000" + "01" + "1e000000" + "10000000" + "0800" + "1000",
      "01000000" + "01" + "0c000000" + "10000000" + "0800" + "1000",
      "05000000" + "02000000",
    ].join(""),
  );
});

test("an absent input is four bytes of ff and every record fits a request", () => {
  for (const { program } of operationCases) {
    for (const record of recordsOf(program)) {
      const absent = record.operation.inputs.filter((id) => id < 0).length;
      const present = record.operation.inputs.length - absent;
      const { length } = encodeRecord(program, record);
      expect(length).toBe(
        5 + 17 * (1 + present) + 4 * absent + 4 * Object.keys(record.operation.params).length,
      );
      expect(length).toBeLessThanOrEqual(1024);
    }
  }
});
