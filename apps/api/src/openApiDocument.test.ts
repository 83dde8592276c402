import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { test } from "vitest";

const writer = join(import.meta.dirname, "writeOpenApi.ts");

test("the committed document is the one that is served", async () => {
  // In a process of its own: schemas stand in the order in which their modules were first loaded. It rejects with the advice.
  await promisify(execFile)(process.execPath, [writer, "--check"]);
});
