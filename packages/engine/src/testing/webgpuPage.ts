/**
 * A page that runs the WebGPU backend: `runCases(names)` gives the hashes of cases of the suite, `repeatStep(settings, t, state)` the
 * root after step t of a tiny training whose state before it is given in hex.
 */
import { openBrowser } from "./openBrowser.ts";

const page = `<!doctype html><title>webgpu</title><script type="module">
  import { createWebgpuBackend, stateRootOf } from "/packages/engine/src/index.ts";
  import { createBrowserWebgpuHost } from "/packages/engine/src/browser/webgpuHost.ts";
  import { operationCases, runOperationCase } from "/packages/engine/src/conformance.ts";
  import { tinyTraining } from "/packages/models/src/bitnet/tinyTraining.ts";
  import { fromHex, toHex } from "/packages/protocol/src/index.ts";
  const kernels = new URL("/packages/engine/src/kernels/webgpu/", location.href);
  const openBackend = () => createWebgpuBackend(createBrowserWebgpuHost({ kernels }));
  globalThis.repeatStep = async (settings, t, state) => {
    const backend = openBackend();
    const training = tinyTraining(settings);
    const session = await backend.prepare(training.program, training.weights);
    for (const [name, hex] of Object.entries(state)) session.write(name, fromHex(hex));
    training.prepareStep(session, t);
    await session.run();
    const root = await stateRootOf(session, { pool: 0n, round: 1n, chunk: 0n, t });
    await session.close();
    await backend.close();
    return toHex(root);
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

const FLAGS = ["--enable-unsafe-webgpu"];

/** Evaluates one expression over those functions in a browser of its own. */
export async function evaluateOnWebgpu(
  executablePath: string,
  expression: string,
): Promise<unknown> {
  const browser = await openBrowser(executablePath, { isolated: true, page, flags: FLAGS });
  try {
    await browser.untilSet("runCases");
    return await browser.page.evaluate(expression);
  } finally {
    await browser.close();
  }
}
