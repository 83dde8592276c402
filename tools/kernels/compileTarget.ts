/**
 * Compiles one kernel target to bytes. Reads sources, writes only to a folder of its own.
 * The compiler runs as a process: imported, its types would declare a second `console` for all tools.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "../gen/outputs.ts";
import type { KernelTarget } from "./targets.ts";

/** Pages a shared memory may grow to: all of 32-bit address space, 4 GiB. */
const sharedPagesMax = 65_536;

const compiler = fileURLToPath(import.meta.resolve("assemblyscript/bin/asc.js"));

/** The compiler's diagnostics become the error's message; warnings count as errors. */
export function compileTarget(target: KernelTarget): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "kernels-"));
  try {
    const output = join(folder, "module.wasm");
    const run = spawnSync(process.execPath, [compiler, ...argumentsFor(target, output)], {
      cwd: repositoryRoot,
      encoding: "utf8",
    });
    if (run.error !== undefined) throw run.error;
    const diagnostics = run.stderr.trim();
    if (run.status !== 0 || diagnostics !== "") throw new Error(`${target.name}: ${diagnostics}`);
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
