import type { Command } from "commander";
import { expect, test } from "vitest";
import { createPaint } from "./paint.ts";
import { buildProgram } from "./program.ts";

/** The help of r3mes, or of all its commands, as a terminal of so many columns shows it. */
function helpAt(columns: number, of: "root" | "all" = "root"): string {
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const paint = createPaint({}, {});
  const stream = { write, columns };
  const host = { env: {}, cwd: "/", stdin: {}, stdout: stream, stderr: stream };
  const program = buildProgram({ ...host, paint, errorPaint: paint }, () => {});
  for (const command of of === "all" ? withCommands(program) : [program]) command.outputHelp();
  return text;
}

function withCommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withCommands)];
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

test("the help of every command fits a terminal of 80 columns", () => {
  const help = helpAt(80, "all");
  expect(help).toContain("npx r3mes localnet cheat");
  expect(help.split("\n").filter((line) => line.length > 80)).toEqual([]);
});
