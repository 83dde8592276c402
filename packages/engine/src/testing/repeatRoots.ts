/**
 * `node repeatRoots.ts <samples> <browser>`: repeats the steps of a file of `r3mes conformance --roots --samples` by WebGPU in a browser,
 * and prints the first step whose root differs, or null, as JSON. Started by `npm run roots`.
 */
import { readFileSync } from "node:fs";
import { evaluateOnWebgpu } from "./webgpuPage.ts";

interface Samples {
  readonly training: object;
  readonly steps: readonly { readonly t: number; readonly root: string; readonly state: object }[];
}

const [samplesPath, browserPath] = process.argv.slice(2);
const samples = JSON.parse(readFileSync(samplesPath!, "utf8")) as Samples;
let differsAt: number | null = null;
for (const { t, root, state } of samples.steps) {
  const given = [samples.training, t, state].map((value) => JSON.stringify(value)).join(", ");
  if ((await evaluateOnWebgpu(browserPath!, `repeatStep(${given})`)) === root) continue;
  differsAt = t;
  break;
}
process.stdout.write(`${JSON.stringify({ differsAt })}\n`);
