import { expect, test } from "vitest";
import { createPaint } from "./paint.ts";
import { buildProgram } from "./program.ts";

/** The help of r3mes as a terminal of so many columns shows it. */
function helpAt(columns: number): string {
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const paint = createPaint({}, {});
  const stream = { write, columns };
  const host = { env: {}, cwd: "/", stdin: {}, stdout: stream, stderr: stream };
  buildProgram({ ...host, paint, errorPaint: paint }, () => {}).outputHelp();
  return text;
}

test("help begins with the network, and ends with what is about r3mes itself", () => {
  const names = [
    ...helpAt(80).matchAll(/^(?: {2})?([\w-]+)(?:$| {2,}[A-Z])|^([A-Z][\w ]+):$/gm),
  ].map(([, command, heading]) => command ?? `${heading}:`);
  const order = [
    "A network:",
    "localnet",
    "list",
    "Without a network:",
    "train",
    "This installation:",
    "doctor",
  ];
  expect(names.filter((name) => order.includes(name))).toEqual(order);
});

test.each([40, 80])("no line of help is wider than %i columns", (columns) => {
  const wide = helpAt(columns)
    .split("\n")
    .filter((line) => line.length > columns);
  expect(wide).toEqual([]);
});
