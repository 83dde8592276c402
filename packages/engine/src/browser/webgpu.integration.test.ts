/** The WebGPU backend in a real browser: operations of every frame, whole steps, and the bytes of the vectors and the reference. */
import { readFileSync } from "node:fs";
import { tinyTraining } from "@r3mes/models";
import { toHex } from "@r3mes/protocol";
import { requireServer } from "@r3mes/tools/requireServer";
import { expect, type TestContext, test } from "vitest";
import { reference } from "../backends/reference.ts";
import { operationCases } from "../ops/operation.case.ts";
import { evaluateOnWebgpu } from "../testing/webgpuPage.ts";
import { stateRootOf, stateTensors } from "../trace/stateRoot.ts";

/** A quantiser, a norm, and a linear with its gradients and its optimizer. */
const names = [
  "quantise to 8 bits: uneven rows",
  "gate: uneven rows",
  "linear, rank 4, adam: random",
];

/** The run whose roots `r3mes conformance --roots` prints. */
const settings = { seed: 1, steps: 1_000, sequences: 2, length: 16 };
const STEPS = 2;

interface Vectors {
  readonly cases: readonly { readonly name: string; readonly tensors: object }[];
}

const chromium = requireServer("chromium");

async function evaluate({ skip }: TestContext, expression: string): Promise<unknown> {
  if (!chromium.available) return skip(chromium.reason);
  return evaluateOnWebgpu(chromium.path, expression);
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

test("a browser's GPU repeats a step to the root of the reference", async (context) => {
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
  expect(await evaluate(context, call)).toBe(toHex(root));
});
