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
  [["localnt"], { command: "localnt", nearest: "localnet" }],
  [
    ["localnet", "sttus"],
    { command: "localnet sttus", nearest: "status", help: "npx r3mes localnet --help" },
  ],
  [
    ["config", "shwo"],
    { command: "config shwo", nearest: "show", help: "npx r3mes config --help" },
  ],
  [["model", "teach"], { command: "model teach", help: "npx r3mes model --help" }],
  [["teleport"], { command: "teleport" }],
])(
  "the misspelt command %j is named with the nearest one and the help of its group",
  async (argv, known) => {
    const { code, facts } = await refusal(...argv);
    expect(code).toBe("COMMAND_UNKNOWN");
    expect(facts).toEqual(known);
  },
);

test("a word behind a command that takes none is no misspelt command", async () => {
  expect(await refusal("localnet", "start", "extra")).toMatchObject({
    code: "USAGE_INVALID",
    facts: { help: "npx r3mes localnet start --help" },
  });
});

test.each([
  [
    ["list", "pool"],
    "what is one of pools, models, datasets, submissions, cases, adapters, not pool",
    "pools",
  ],
  [
    ["init", "--role", "validator"],
    "--role is one of miner, verifier, challenger, not validator",
    undefined,
  ],
])("%j is told what may stand there, in one clause", async (argv, reason, nearest) => {
  const { facts } = await refusal(...argv);
  expect([facts.reason, facts.nearest]).toEqual([reason, nearest]);
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
