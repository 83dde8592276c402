/**
 * `npm run kernels:build` rebuilds every kernel module; `npm run kernels:check` rebuilds and compares
 * byte for byte with what is committed, and holds the byte ceilings.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../gen/outputs.ts";
import { compileTarget } from "./compileTarget.ts";
import { type KernelTarget, targets } from "./targets.ts";

const check = process.argv.includes("--check");
const left = [...targets];
// The compiler uses one core.
await Promise.all(Array.from({ length: availableParallelism() }, visitLeft));

async function visitLeft(): Promise<void> {
  for (let target = left.shift(); target !== undefined; target = left.shift()) {
    const fault = await visit(target);
    if (fault === undefined) continue;
    process.exitCode = 1;
    console.error(`kernels: ${fault}`);
  }
}

/** What is wrong with a target, as a sentence that names its file; nothing when all is well. */
async function visit(target: KernelTarget): Promise<string | undefined> {
  const path = join(repositoryRoot, target.output);
  let built: Uint8Array;
  try {
    built = await compileTarget(target);
  } catch (error) {
    return (error as Error).message;
  }
  if (built.length > target.bytesMax) {
    return `${target.output} has ${built.length} bytes, over its ceiling of ${target.bytesMax}.`;
  }
  const current = equalBytes(built, readIfPresent(path));
  if (check) {
    if (current) return undefined;
    return `${target.output} is stale. Run npm run kernels:build and commit it.`;
  }
  if (!current) writeFileSync(path, built);
  console.log(`${target.output}: ${built.length} bytes, ${current ? "current" : "written"}`);
  return undefined;
}

function readIfPresent(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
}

function equalBytes(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((byte, index) => byte === b[index]);
}
