import { execFileSync, spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { createPaint } from "../paint.ts";
import { buildProgram } from "../program.ts";
import { bashCompletion } from "./bashCompletion.ts";
import { allNodes, commandTree } from "./commandTree.ts";
import { fishCompletion } from "./fishCompletion.ts";
import { zshCompletion } from "./zshCompletion.ts";

const paint = createPaint({}, {});
const stream = { write: () => true };
const host = {
  env: {},
  cwd: "/",
  stdin: {},
  stdout: stream,
  stderr: stream,
  paint,
  errorPaint: paint,
};
const tree = commandTree(buildProgram(host, () => {}));

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ["--version"]).status === 0;
}

/** What bash itself offers after these words, the last of which is being typed. */
function offeredByBash(...words: readonly string[]): readonly string[] {
  const script = `${bashCompletion(tree)}
COMP_WORDS=(${words.map((word) => `"${word}"`).join(" ")})
COMP_CWORD=${words.length - 1}
$(complete -p ${words[0]} | sed 's/.*-F \\([^ ]*\\).*/\\1/')
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync("bash", ["--norc", "-c", script], { encoding: "utf8" });
  return output.split("\n").filter((line) => line !== "");
}

test("bash offers the commands of a level, and narrows them down", () => {
  expect(offeredByBash("r3mes", "")).toEqual(
    expect.arrayContaining(["localnet", "doctor", "config", "completion", "version", "--json"]),
  );
  expect(offeredByBash("r3mes", "do")).toEqual(["doctor"]);
  expect(offeredByBash("r3mes", "localnet", "st")).toEqual(["start", "status", "stop"]);
});

test("bash offers options of the default command, and the values of a choice", () => {
  expect(offeredByBash("r3mes", "localnet", "--re")).toEqual(["--reset"]);
  expect(offeredByBash("r3mes", "localnet", "--ports", "")).toEqual(["auto", "default"]);
  expect(offeredByBash("r3mes", "--json", "localnet", "start", "--ports", "a")).toEqual(["auto"]);
});

test("bash offers the words that an argument may be, and files where anything may stand", () => {
  expect(offeredByBash("r3mes", "list", "c")).toEqual(["cases"]);
  expect(offeredByBash("r3mes", "localnet", "cheat", "skip")).toEqual(["skip-steps", "skip-one"]);
  expect(offeredByBash("r3mes", "completion", "f")).toEqual(["fish"]);
  // Bash itself goes on with files where it is offered nothing.
  for (const option of [["--home"], ["train", "--out"], ["join", "--swarm-key"]]) {
    expect(offeredByBash("r3mes", ...option, "")).toEqual([]);
  }
  expect(offeredByBash("r3mes", "mine", "./m")).toEqual([]);
  expect(bashCompletion(tree)).toContain("complete -o default -F _r3mes r3mes");
});

test("bash offers the same behind npx, and leaves other packages alone", () => {
  expect(offeredByBash("npx", "r3mes", "localnet", "st")).toEqual(["start", "status", "stop"]);
  expect(offeredByBash("npx", "r3mes", "localnet", "--ports", "a")).toEqual(["auto"]);
  expect(offeredByBash("npx", "r3mes")).toEqual([]);
  expect(offeredByBash("npx", "vitest", "localnet", "st")).toEqual([]);
});

test.skipIf(!isInstalled("fish"))("fish offers the same", () => {
  const offered = (line: string): readonly string[] => {
    const script = `${fishCompletion(tree)}\ncomplete -C '${line}'`;
    const output = execFileSync("fish", ["--no-config", "-c", script], { encoding: "utf8" });
    return output.split("\n").map((entry) => entry.split("\t")[0]!);
  };
  expect(offered("r3mes localnet st")).toEqual(["start", "status", "stop", ""]);
  expect(offered("r3mes localnet --ports ")).toEqual(["auto", "default", ""]);
  expect(offered("npx r3mes localnet st")).toEqual(["start", "status", "stop", ""]);
  expect(offered("npx r3mes localnet --ports ")).toEqual(["auto", "default", ""]);
});

test.skipIf(!isInstalled("zsh"))("zsh reads its script without complaint", () => {
  execFileSync("zsh", ["--no-rcs", "-n"], { input: zshCompletion(tree) });
});

test("every command stands in the script of every shell", () => {
  for (const script of [bashCompletion(tree), zshCompletion(tree), fishCompletion(tree)]) {
    for (const { path } of allNodes(tree)) expect(script).toContain(path);
  }
});

test("an apostrophe in a summary does not end the shell's string", () => {
  const node = { ...tree, commands: [], choices: [], summary: "" };
  const option = {
    long: "--x",
    short: null,
    summary: "it's: x",
    takes: "none",
    choices: [],
  } as const;
  expect(zshCompletion({ ...node, options: [option] })).toContain(`'--x:it'\\''s\\: x'`);
  expect(fishCompletion({ ...node, options: [option] })).toContain("'it\\'s: x'");
});
