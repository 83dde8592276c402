/** The WebGPU backend in a real browser: a whole step, in which every operation that trains is, to the root of the reference. */
import { tinyTraining } from "@r3mes/models";
import { toHex } from "@r3mes/protocol";
import { requireServer } from "@r3mes/tools/requireServer";
import { expect, test } from "vitest";
import { reference } from "../backends/reference.ts";
import { evaluateOnWebgpu } from "../testing/webgpuPage.ts";
import { stateRootOf, stateTensors } from "../trace/stateRoot.ts";

/** The run whose roots `r3mes conformance --roots` prints. */
const settings = { seed: 1, steps: 1_000, sequences: 2, length: 16 };
const STEPS = 2;

const chromium = requireServer("chromium");

test("a browser's GPU repeats a step to the root of the reference", async ({ skip }) => {
  if (!chromium.available) return skip(chromium.reason);
  const training = tinyTraining(settings);
  const session = await reference.prepare(training.program, training.weights);
  const { program } = session;
  const stateNames = stateTensors(program).map((id) => program.tensors[id]!.name);
  training.begin(session);
  let state: Record<string, string> = {};
  for (let t = 1; t <= STEPS; t += 1) {
    const given = stateNames.map(async (name) => [name, toHex(await session.read(name))]);
    state = Object.fromEntries(await Promise.all(given));
    training.prepareStep(session, t);
    await session.run();
  }
  const root = await stateRootOf(session, { pool: 0n, round: 1n, chunk: 0n, t: STEPS });
  await session.close();
  const call = `repeatStep(${JSON.stringify(settings)}, ${STEPS}, ${JSON.stringify(state)})`;
  expect(await evaluateOnWebgpu(chromium.path, call)).toBe(toHex(root));
});
