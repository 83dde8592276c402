/**
 * Compiles one kernel target to bytes. Reads sources, writes only to a folder of its own.
 * The compiler runs as a process: imported, its types would declare a second `console` for all tools.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { repositoryRoot } from "../gen/outputs.ts";
import type { KernelTarget } from "./targets.ts";

/** Pages a shared memory may grow to: all of 32-bit address space, 4 GiB. */
const sharedPagesMax = 65_536;

const compiler = fileURLToPath(import.meta.resolve("assemblyscript/bin/asc.js"));

/** The compiler's diagnostics become the error's message; warnings count as errors. */
export async function compileTarget(target: KernelTarget): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), "kernels-"));
  try {
    const output = join(folder, "module.wasm");
    const args = [compiler, ...argumentsFor(target, output)];
    const run = promisify(execFile)(process.execPath, args, { cwd: repositoryRoot });
    const { stderr } = await run.catch((error: { stderr?: string }) => {
      throw error.stderr ? new Error(`${target.name}: ${error.stderr.trim()}`) : error;
    });
    const diagnostics = stderr.trim();
    if (diagnostics !== "") throw new Error(`${target.name}: ${diagnostics}`);
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function argumentsFor(target: KernelTarget, output: string): string[] {
  const memory =
    target.memory.kind === "shared"
      ? ["--importMemory", "--sharedMemory", "--zeroFilledMemory", "--initialMemory", "1"].concat([
          "--maximumMemory",
          String(sharedPagesMax),
        ])
      : ["--initialMemory", String(target.memory.pages)].concat([
          "--maximumMemory",
          String(target.memory.pages),
          // A referee may hold active data, but no section that counts it (spec/referee.md section 7).
          "--disable",
          "bulk-memory",
        ]);
  return [
    target.entry,
    "--outFile",
    output,
    "--optimizeLevel",
    String(target.optimizeLevel ?? 3),
    "--noAssert",
    "--runtime",
    "stub",
    // No kernel throws; without this the module would import a host function it never calls.
    "--use",
    "abort=",
    ...target.features.flatMap((feature) => ["--enable", feature]),
    // AS112: vectors pass between files of one module, never to the host.
    "--disableWarning",
    "112",
    ...memory,
  ];
}
