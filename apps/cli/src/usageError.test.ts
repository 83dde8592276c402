import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { cheatNames } from "./localnetLaboratory.ts";
import { createPaint } from "./paint.ts";
import { cheats } from "./processes/cheatProcess.ts";
import { buildProgram } from "./program.ts";
import { usageError } from "./usageError.ts";
import { UsageFault } from "./usageFault.ts";

const paint = createPaint({}, {});
const stdout = { write: () => true };
const host = { env: {}, cwd: "/", stdin: {}, stdout, stderr: stdout, paint, errorPaint: paint };

async function refusal(...argv: string[]): Promise<R3mesError> {
  try {
    await buildProgram(host, () => {}).parseAsync(argv, { from: "user" });
  } catch (thrown) {
    if (thrown instanceof UsageFault) return usageError(thrown);
    if (thrown instanceof R3mesError) return thrown;
    throw thrown;
  }
  throw new Error("the command line was accepted");
}

test.each([
  [["localnt"], "localnt", "localnet"],
  [["localnet", "sttus"], "localnet sttus", "status"],
  [["config", "shwo"], "config shwo", "show"],
  [["teleport"], "teleport", undefined],
])("the misspelt command %j is named with the nearest one", async (argv, command, nearest) => {
  const { code, facts } = await refusal(...argv);
  expect(code).toBe("COMMAND_UNKNOWN");
  expect(facts).toEqual(nearest === undefined ? { command } : { command, nearest });
});

test("a misspelt option is named with the nearest one, global ones among them", async () => {
  expect(await refusal("localnet", "--rest")).toMatchObject({
    code: "USAGE_INVALID",
    facts: { nearest: "--reset", help: "npx r3mes localnet start --help" },
  });
  expect((await refusal("doctor", "--jsno")).facts).toMatchObject({ nearest: "--json" });
});

test("a misspelt option is named before the one that is missing for it", async () => {
  for (const misspelt of ["--step", "--step=2"]) {
    expect(await refusal("train", "--dataset", "moby-dick", misspelt)).toMatchObject({
      message: expect.stringContaining("Unknown option '--step'"),
      facts: { nearest: "--steps" },
    });
  }
  expect((await refusal("train", "--steps", "2")).message).toContain("--dataset");
});

test("choices are listed to whoever gives none or a wrong one, with the help to read", async () => {
  expect(cheatNames).toEqual(cheats.map(({ name }) => name));
  const help = "npx r3mes localnet cheat --help";
  for (const given of [[], ["lie"]]) {
    const { message, facts } = await refusal("localnet", "cheat", ...given);
    expect(message).toContain(cheatNames.join(", "));
    expect(facts).toMatchObject({ help });
  }
  expect((await refusal("localnet", "add")).message).toContain("one of miner, verifier");
});

test("what a command refuses by itself names its help as well", async () => {
  expect(await refusal("replay", "case", "x")).toMatchObject({
    code: "USAGE_INVALID",
    facts: { reason: "x is no number of a case", help: "npx r3mes replay --help" },
  });
});

test("a group of commands alone shows its help, but is refused to a script", async () => {
  for (const group of [[], ["config"], ["model"], ["dataset"]]) {
    const { code, message } = await refusal(...group, "--json");
    expect([code, message]).toEqual([
      "USAGE_INVALID",
      expect.stringContaining("A command is missing: one of "),
    ]);
    await expect(refusal(...group)).rejects.toThrow("the command line was accepted");
  }
});

test("a missing word, a word too many and a wrong choice are told", async () => {
  expect((await refusal("completion")).message).toContain("Missing required argument 'shell'");
  expect((await refusal("localnet", "logs", "a", "b")).message).toContain("oo many arguments");
  expect((await refusal("localnet", "--ports", "some")).message).toContain("auto, default");
});
