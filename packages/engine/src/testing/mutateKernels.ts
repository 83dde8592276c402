/**
 * `npm run kernels:mutate [-- <file> …]`: builds the kernels once for each mutant and compares them with the
 * reference on steps that reach every kernel. A mutant that nobody notices is a hole in the tests,
 * and makes the command fail. Takes about a quarter of an hour.
 */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { compileTarget } from "@r3mes/tools/kernels";
import { createWasmBackend } from "../backends/wasm.ts";
import { createNodeWasmHost } from "../node/wasmHost.ts";
import { applyMutant } from "./applyMutant.ts";
import { createKernelProof } from "./kernelProof.ts";
import { type Mutant, mutants } from "./mutants.ts";

const sources = fileURLToPath(new URL("../kernels/wasm", import.meta.url));
const builds = [
  { name: "base", features: ["simd", "threads"] },
  { name: "relaxed", features: ["simd", "threads", "relaxed-simd"] },
] as const;

const files = process.argv.slice(2);
const chosen = mutants.filter(({ file }) => files.length === 0 || files.includes(file));
const proof = await createKernelProof();
let survivors = 0;
for (const mutant of chosen) {
  const verdict = await judge(mutant);
  if (verdict === "survived") survivors += 1;
  console.log(`${verdict.padEnd(9)} ${mutant.file}: ${mutant.to.trim() || "nothing"}`);
}
console.log(`${chosen.length} mutants, ${survivors} survived`);
process.exit(survivors === 0 ? 0 : 1);

/** Whether the proof noticed a mutant in the first build that contains its code. */
async function judge(mutant: Mutant): Promise<"noticed" | "survived"> {
  const folder = mkdtempSync(join(tmpdir(), "mutant-"));
  try {
    cpSync(sources, folder, { recursive: true });
    applyMutant(folder, mutant);
    for (const { name, features } of builds) {
      const output = join(folder, `${name}.wasm`);
      writeFileSync(
        output,
        await compileTarget({
          name,
          entry: join(folder, "index.ts"),
          output,
          features,
          memory: { kind: "shared" },
          optimizeLevel: 0,
          bytesMax: Number.MAX_SAFE_INTEGER,
        }),
      );
      const host = createNodeWasmHost({ kernels: pathToFileURL(`${folder}/`) });
      const isExact = await proof.holds(createWasmBackend(host, { build: name, threads: 1 }));
      if (!isExact) return "noticed";
    }
    return "survived";
  } finally {
    rmSync(folder, { recursive: true });
  }
}
