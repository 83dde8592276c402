import { expect, test } from "vitest";
import { createPaint } from "../paint.ts";
import { buildProgram } from "../program.ts";
import { UsageFault } from "../usageFault.ts";

async function run(...argv: readonly string[]): Promise<unknown> {
  const paint = createPaint({}, {});
  const stream = { write: () => {}, columns: 80 };
  const host = { env: {}, cwd: "/", stdin: {}, stdout: stream, stderr: stream };
  const program = buildProgram({ ...host, paint, errorPaint: paint }, () => {});
  return program.parseAsync(["conformance", "--backend", "reference", ...argv], { from: "user" });
}

test("samples without the long run that they are of are refused", async () => {
  await expect(run("--steps", "1", "--samples", "/nowhere/samples.json")).rejects.toMatchObject({
    code: "USAGE_INVALID",
    facts: { reason: expect.stringContaining("--roots") },
  });
});

test.each([["--roots"], ["--steps", "1"]])(
  "random programs leave no place for %s",
  async (...other) => {
    await expect(run("--fuzz", "1", ...other)).rejects.toBeInstanceOf(UsageFault);
  },
);
