import type { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { createPaint } from "./paint.ts";
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
    facts: { nearest: "--reset" },
  });
  expect((await refusal("doctor", "--jsno")).facts).toMatchObject({ nearest: "--json" });
});

test("a missing word, a word too many and a wrong choice are told", async () => {
  expect((await refusal("completion")).message).toContain("Missing required argument 'shell'");
  expect((await refusal("localnet", "logs", "a", "b")).message).toContain("oo many arguments");
  expect((await refusal("localnet", "--ports", "some")).message).toContain("auto, default");
});
