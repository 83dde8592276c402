import type { Command } from "commander";
import { expect, test } from "vitest";
import type { Host } from "./host.ts";
import { createPaint } from "./paint.ts";
import { buildProgram } from "./program.ts";

let written = "";
const paint = createPaint({ isTTY: false }, {});
const stream = {
  write: (text: string) => {
    written += text;
  },
  columns: 80,
};
const host: Host = {
  ...{ env: {}, cwd: "/", stdin: {} },
  ...{ stdout: stream, stderr: stream, paint, errorPaint: paint },
};
const program = buildProgram(host, () => {});
const wanted = ["model", "dataset", "train", "evaluate", "generate", "conformance"];

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

const commands = program.commands
  .filter((command) => wanted.includes(command.name()))
  .flatMap(withSubcommands);

test("the commands that need no network are there", () => {
  expect(commands.map((command) => command.name())).toEqual([
    ...["model", "import", "inspect", "dataset", "build", "inspect", "verify"],
    ...["train", "evaluate", "generate", "conformance"],
  ]);
});

test.each(commands.map((command) => [command.name(), command] as const))(
  "help of %s has examples and fits 80 columns",
  (_name, command) => {
    written = "";
    command.outputHelp();
    expect(written).toContain("Examples:");
    for (const line of written.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  },
);
