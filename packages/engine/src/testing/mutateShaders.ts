/**
 * `npm run shaders:mutate [-- <file> …]`: runs a few small programs and the case suite on the GPU, or its software driver, once for
 * each mutant of a WGSL kernel, until the first that differs. A mutant that nothing notices makes the command fail, and so does a GPU
 * that is wrong without any, since it would notice all.
 */
import { readFileSync } from "node:fs";
import { requireGpuDriver } from "@r3mes/tools/requireGpuDriver";
import { reference } from "../backends/reference.ts";
import { createWebgpuBackend } from "../backends/webgpu.ts";
import { createNodeWebgpuHost } from "../node/index.ts";
import { decodeOperationCases, operationCases } from "../ops/operation.case.ts";
import { runOperationCase } from "../ops/runOperationCase.ts";
import { smallResults } from "./kernelProof.ts";
import type { Mutant } from "./mutants.ts";
import { shaderMutants } from "./shaderMutants.ts";

interface Vectors {
  readonly cases: readonly { readonly tensors: Readonly<Record<string, string>> }[];
}

const driver = requireGpuDriver();
if (!driver.available) throw new Error(driver.reason);
const path = new URL("../../../../spec/vectors/arithmetic/operations.json", import.meta.url);
const vectors: Vectors = JSON.parse(readFileSync(path, "utf8"));
const cases = [...operationCases, ...decodeOperationCases];
const expected = await smallResults(reference);
const host = createNodeWebgpuHost();

const files = process.argv.slice(2);
const chosen = shaderMutants.filter(({ file }) => files.length === 0 || files.includes(file));
const unchanged = await noticedBy({ file: "none", from: "", to: "" });
if (unchanged !== null) throw new Error(`without a mutant "${unchanged}" differs on this GPU`);
let survivors = 0;
for (const mutant of chosen) {
  const noticed = await noticedBy(mutant);
  if (noticed === null) survivors += 1;
  const verdict = noticed === null ? "survived" : `noticed by "${noticed}"`;
  console.log(`${mutant.file}: ${mutant.to}: ${verdict}`);
}
console.log(`${chosen.length} mutants, ${survivors} survived`);
process.exit(survivors === 0 ? 0 : 1);

/** The case that noticed a mutant, or null. A kernel that its self-test refuses is noticed too. */
async function noticedBy(mutant: Mutant): Promise<string | null> {
  const backend = createWebgpuBackend({
    ...host,
    readSource: async (name) => {
      const text = await host.readSource(name);
      return `${name}.wgsl` === mutant.file ? text.replace(mutant.from, mutant.to) : text;
    },
  });
  try {
    const results = await smallResults(backend).catch(() => []);
    const isSame =
      results.length === expected.length &&
      expected.every((bytes, i) => Buffer.compare(bytes, results[i]!) === 0);
    if (!isSame) return "the small programs";
    for (const [i, operationCase] of cases.entries()) {
      const hashes = await runOperationCase(backend, operationCase).catch(() => undefined);
      const { tensors } = vectors.cases[i]!;
      if (Object.keys(tensors).some((name) => hashes?.[name] !== tensors[name])) {
        return operationCase.name;
      }
    }
    return null;
  } finally {
    await backend.close();
  }
}
