/** The WebGPU backend in a real browser: operations of every frame, and the bytes of the vectors. */
import { readFileSync } from "node:fs";
import { requireServer } from "@r3mes/tools/requireServer";
import { expect, test } from "vitest";
import { operationCases } from "../ops/operation.case.ts";
import { openBrowser } from "../testing/openBrowser.ts";

/** A quantiser, a norm, and a linear with its gradients and its optimizer. */
const names = [
  "quantise to 8 bits: uneven rows",
  "gate: uneven rows",
  "linear, rank 4, adam: random",
];

const page = `<!doctype html><title>webgpu</title><script type="module">
  import { createWebgpuBackend } from "/packages/engine/src/index.ts";
  import { createBrowserWebgpuHost } from "/packages/engine/src/browser/index.ts";
  import { operationCases, runOperationCase } from "/packages/engine/src/conformance.ts";
  globalThis.runCases = async (names) => {
    const kernels = new URL("/packages/engine/src/kernels/webgpu/", location.href);
    const backend = createWebgpuBackend(createBrowserWebgpuHost({ kernels }));
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

test("a browser's GPU gives the bytes of the vectors", async ({ skip }) => {
  if (!chromium.available) return skip(chromium.reason);
  const known = names.filter((name) => operationCases.some((given) => given.name === name));
  expect(known.length).toBe(names.length);
  const path = new URL("../../../../spec/vectors/arithmetic/operations.json", import.meta.url);
  const vectors = JSON.parse(readFileSync(path, "utf8")) as Vectors;
  const expected = vectors.cases.filter(({ name }) => names.includes(name));
  const flags = ["--enable-unsafe-webgpu"];
  const browser = await openBrowser(chromium.path, { isolated: true, page, flags });
  try {
    await browser.page.waitForFunction("globalThis.runCases !== undefined");
    const found = await browser.page.evaluate(`runCases(${JSON.stringify(names)})`);
    expect(found).toEqual(Object.fromEntries(expected.map(({ name, tensors }) => [name, tensors])));
  } finally {
    await browser.close();
  }
});
