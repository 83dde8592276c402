/**
 * A page that runs the WebGPU backend: `repeatStep(settings, t, state)` gives the root after step t of a tiny training whose state
 * before it is given in hex.
 */
import { openBrowser } from "./openBrowser.ts";

const page = `<!doctype html><title>webgpu</title><script type="module">
  import { createWebgpuBackend, stateRootOf } from "/packages/engine/src/index.ts";
  import { createBrowserWebgpuHost } from "/packages/engine/src/browser/webgpuHost.ts";
  import { tinyTraining } from "/packages/models/src/bitnet/tinyTraining.ts";
  import { fromHex, toHex } from "/packages/protocol/src/index.ts";
  const kernels = new URL("/packages/engine/src/kernels/webgpu/", location.href);
  globalThis.repeatStep = async (settings, t, state) => {
    const backend = createWebgpuBackend(createBrowserWebgpuHost({ kernels }));
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
</script>`;

const FLAGS = ["--enable-unsafe-webgpu"];

/** Evaluates one expression over those functions in a browser of its own. */
export async function evaluateOnWebgpu(
  executablePath: string,
  expression: string,
): Promise<unknown> {
  const browser = await openBrowser(executablePath, { isolated: true, page, flags: FLAGS });
  try {
    await browser.untilSet("repeatStep");
    return await browser.page.evaluate(expression);
  } finally {
    await browser.close();
  }
}
