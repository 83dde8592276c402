/**
 * `npm run native:mutate [-- <file> …]`: compiles the C kernels once for each mutant and compares every set of instructions of this
 * processor with the reference, as `mutateKernels.ts` does for WASM. A mutant that nothing notices makes the command fail; one in code
 * of a set that this processor lacks is told apart.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { InstructionSet } from "../backends/native/host.ts";
import { createNativeBackend } from "../backends/native.ts";
import { createNodeNativeHost } from "../node/nativeHost.ts";
import { applyMutant } from "./applyMutant.ts";
import { createKernelProof } from "./kernelProof.ts";
import type { Mutant } from "./mutants.ts";
import { nativeMutants } from "./nativeMutants.ts";

const sources = fileURLToPath(new URL("../kernels/native", import.meta.url));
const compiler = fileURLToPath(
  new URL("../../../../tools/bootstrap/compileNative.js", import.meta.url),
);
/** Files that one set alone is compiled with. */
const setOf: Readonly<Record<string, InstructionSet>> = {
  "tilesScalar.h": "scalar",
  "tilesAvx2.h": "avx2",
  "tilesAvx512.h": "avx512vnni",
  "endsAvx512.h": "avx512vnni",
  "headsAvx512.h": "avx512vnni",
  "rankAvx512.h": "avx512vnni",
  "attentionAvx512.h": "avx512vnni",
  "tilesNeon.h": "neondot",
};

type Verdict = "noticed" | "survived" | "not run";

const files = process.argv.slice(2);
const chosen = nativeMutants.filter(({ file }) => files.length === 0 || files.includes(file));
const proof = await createKernelProof();
// A set that is wrong without any mutant would notice all.
if ((await judge({ file: "kernels.c", from: "", to: "" })) !== "survived") {
  throw new Error("without a mutant the kernels differ from the reference");
}
const verdicts: Verdict[] = [];
for (const mutant of chosen) {
  const verdict = await judge(mutant);
  verdicts.push(verdict);
  console.log(`${verdict.padEnd(9)} ${mutant.file}: ${mutant.to}`);
}
const survivors = verdicts.filter((verdict) => verdict === "survived").length;
const unrun = verdicts.filter((verdict) => verdict === "not run").length;
console.log(`${chosen.length} mutants, ${survivors} survived, ${unrun} not run`);
process.exit(survivors === 0 ? 0 : 1);

async function judge(mutant: Mutant): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), "mutant-"));
  try {
    cpSync(sources, folder, { recursive: true });
    applyMutant(folder, mutant);
    const addon = join(folder, "kernels.node");
    execFileSync(process.execPath, [
      ...[compiler, `--sources=${folder}`, `--output=${addon}`],
      ...["-O1", "-Wno-unused"],
    ]);
    const host = createNodeNativeHost({ addon: pathToFileURL(addon) });
    const present = host.instructionSets();
    const own = setOf[mutant.file];
    const sets = own === undefined ? present : present.filter((set) => set === own);
    if (sets.length === 0) return "not run";
    for (const instructions of sets) {
      const isExact = await proof.holds(createNativeBackend(host, { instructions, threads: 1 }));
      if (!isExact) return "noticed";
    }
    return "survived";
  } finally {
    rmSync(folder, { recursive: true });
  }
}
