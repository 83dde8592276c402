/**
 * Whole training steps of a model of any size: every layer, its head and the optimizer, on each backend and number of threads in turn
 * from the same factors and tokens. Prints the root of the state after each step, how long it took and the most memory of the process,
 * and fails where two roots differ.
 *
 *     node tools/agreement/train2b4t.ts MODEL [--tokens 128] [--steps 2] [--backends native,relaxed] [--threads 1,2]
 */
import { parseArgs } from "node:util";
import { type Backend, createNativeBackend, createWasmBackend, stateRootOf } from "@r3mes/engine";
import { createNodeNativeHost, createNodeWasmHost, nodeSha256 } from "@r3mes/engine/node";
import { LINEARS, tinyTraining } from "@r3mes/models";
import { openModelFolder } from "@r3mes/models/node";
import { toHex } from "@r3mes/protocol";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    tokens: { type: "string", default: "128" },
    steps: { type: "string", default: "2" },
    backends: { type: "string", default: "native,relaxed" },
    threads: { type: "string", default: "1,2" },
  },
});
const [folder] = positionals;
if (folder === undefined) {
  console.error("usage: node tools/agreement/train2b4t.ts MODEL [--tokens N] [--steps N]");
  process.exit(2);
}
const length = Number(values.tokens);
const steps = Number(values.steps);

function backendOf(name: string, threads: number): Backend {
  if (name === "native") return createNativeBackend(createNodeNativeHost(), { threads });
  if (name === "relaxed") return createWasmBackend(createNodeWasmHost(), { threads });
  throw new RangeError(`no backend "${name}": native or relaxed`);
}

const model = await openModelFolder(folder);
const shape = model.manifest.architecture;
const adapter = { rank: 16, alpha: 32, targets: LINEARS };
const training = tinyTraining({ seed: 1, steps, shape, adapter, sequences: 1, length });
const first: string[] = [];

for (const name of values.backends.split(",")) {
  for (const threads of values.threads.split(",").map(Number)) await train(name, threads);
}
await model.close();

async function train(name: string, threads: number): Promise<void> {
  const session = await backendOf(name, threads).prepare(training.program, model.weight);
  training.begin(session);
  for (let t = 1; t <= steps; t += 1) {
    training.prepareStep(session, t);
    const began = performance.now();
    await session.run();
    const seconds = (performance.now() - began) / 1e3;
    const root = toHex(
      await stateRootOf(session, { pool: 0n, round: 1n, chunk: 0n, t }, nodeSha256),
    );
    const gibibytes = process.resourceUsage().maxRSS / 2 ** 20;
    console.log(
      `${name} × ${threads}, step ${t}: ${seconds.toFixed(2)} s, ${(length / seconds).toFixed(0)} tokens/s, ` +
        `${gibibytes.toFixed(2)} GiB at most, ${root}`,
    );
    first[t] ??= root;
    if (first[t] !== root) throw new Error(`step ${t} has another root than the first run`);
  }
  await session.close();
}
