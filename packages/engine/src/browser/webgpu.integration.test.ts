/** The WebGPU backend in a real browser: operations of every frame, whole steps, and the bytes of the vectors and the reference. */
import { readFileSync } from "node:fs";
import { tinyTraining } from "@r3mes/models";
import { toHex } from "@r3mes/protocol";
import { requireServer } from "@r3mes/tools/requireServer";
import { expect, type TestContext, test } from "vitest";
import { reference } from "../backends/reference.ts";
import { operationCases } from "../ops/operation.case.ts";
import { openBrowser } from "../testing/openBrowser.ts";
import { stateRootOf } from "../trace/stateRoot.ts";

/** A quantiser, a norm, and a linear with its gradients and its optimizer. */
const names = [
  "quantise to 8 bits: uneven rows",
  "gate: uneven rows",
  "linear, rank 4, adam: random",
];

/** The run whose roots `r3mes conformance --roots` prints. */
const settings = { seed: 1, steps: 1_000, sequences: 2, length: 16 };
const STEPS = 2;

const page = `<!doctype html><title>webgpu</title><script type="module">
  import { createWebgpuBackend, stateRootOf } from "/packages/engine/src/index.ts";
  import { createBrowserWebgpuHost } from "/packages/engine/src/browser/index.ts";
  import { operationCases, runOperationCase } from "/packages/engine/src/conformance.ts";
  import { tinyTraining } from "/packages/models/src/bitnet/tinyTraining.ts";
  const kernels = new URL("/packages/engine/src/kernels/webgpu/", location.href);
  const openBackend = () => createWebgpuBackend(createBrowserWebgpuHost({ kernels }));
  globalThis.runSteps = async (settings, steps) => {
    const backend = openBackend();
    const training = tinyTraining(settings);
    const session = await backend.prepare(training.program, training.weights);
    training.begin(session);
    const roots = [];
    for (let t = 1; t <= steps; t++) {
      training.prepareStep(session, t);
      await session.run();
      const root = await stateRootOf(session, { pool: 0n, round: 1n, chunk: 0n, t });
      roots.push(Array.from(root));
    }
    await session.close();
    await backend.close();
    return roots;
  };
  globalThis.runCases = async (names) => {
    const backend = openBackend();
    const found = {};
    for (const operationCase of operationCases) {
      if (!names.includes(operationCase.name)) continue;
      found[operationCase.name] = await runOperationCase(backend, operationCase);
    }
    await backend.close();
    return found;
  };
</script>`;

interface Vectors {
  readonly cases: readonly { readonly name: string; readonly tensors: object }[];
}

const chromium = requireServer("chromium");

async function evaluate({ skip }: TestContext, expression: string): Promise<unknown> {
  if (!chromium.available) return skip(chromium.reason);
  const flags = ["--enable-unsafe-webgpu"];
  const browser = await openBrowser(chromium.path, { isolated: true, page, flags });
  try {
    await browser.page.waitForFunction("globalThis.runCases !== undefined");
    return await browser.page.evaluate(expression);
  } finally {
    await browser.close();
  }
}

test("a browser's GPU gives the bytes of the vectors", async (context) => {
  const known = names.filter((name) => operationCases.some((given) => given.name === name));
  expect(known.length).toBe(names.length);
  const path = new URL("../../../../spec/vectors/arithmetic/operations.json", import.meta.url);
  const vectors = JSON.parse(readFileSync(path, "utf8")) as Vectors;
  const expected = vectors.cases.filter(({ name }) => names.includes(name));
  const found = await evaluate(context, `runCases(${JSON.stringify(names)})`);
  expect(found).toEqual(Object.fromEntries(expected.map(({ name, tensors }) => [name, tensors])));
});

test("a browser's GPU trains steps to the roots of the reference", async (context) => {
  const call = `runSteps(${JSON.stringify(settings)}, ${STEPS})`;
  const found = (await evaluate(context, call)) as readonly number[][];
  const training = tinyTraining(settings);
  const session = await reference.prepare(training.program, training.weights);
  training.begin(session);
  const roots: string[] = [];
  for (let t = 1; t <= STEPS; t += 1) {
    training.prepareStep(session, t);
    await session.run();
    roots.push(toHex(await stateRootOf(session, { pool: 0n, round: 1n, chunk: 0n, t })));
  }
  await session.close();
  expect(found.map((root) => toHex(Uint8Array.from(root)))).toEqual(roots);
});
