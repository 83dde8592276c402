/**
 * The WebGPU backend in Node, on a real driver or the software one: the case suite, whole training steps, and
 * what happens when the device or its memory ends. One backend serves all, since compiling kernels is most
 * of the time on a software driver.
 */
import { readFileSync } from "node:fs";
import { buildDecodeProgram, tinyTraining } from "@r3mes/models";
import { TINY_SHAPE } from "@r3mes/models/testing";
import { R3mesError } from "@r3mes/protocol";
import { requireGpuDriver } from "@r3mes/tools/requireGpuDriver";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createNodeWebgpuHost } from "../node/index.ts";
import { decodeOperationCases, operationCases } from "../ops/operation.case.ts";
import { runCasePlain } from "../ops/runCasePlain.ts";
import { runOperationCase } from "../ops/runOperationCase.ts";
import { createProgramBuilder } from "../program/createProgramBuilder.ts";
import type { Dtype, Role } from "../program/program.ts";
import { packBlock } from "../tensor/storage.ts";
import { decodeScores } from "../testing/decodeTogether.ts";
import { smallResults } from "../testing/kernelProof.ts";
import { reverseLanes } from "../testing/reverseLanes.ts";
import type { Backend, Session } from "./backend.ts";
import { reference } from "./reference.ts";
import type { OpenGpu, WebgpuHost } from "./webgpu/host.ts";
import { createWebgpuBackend } from "./webgpu.ts";

interface Vectors {
  readonly cases: readonly {
    readonly name: string;
    readonly tensors: Readonly<Record<string, string>>;
  }[];
}

const driver = requireGpuDriver();
const host = createNodeWebgpuHost();
const gpu = createWebgpuBackend(host);
const vectors: Vectors = JSON.parse(
  readFileSync(
    new URL("../../../../spec/vectors/arithmetic/operations.json", import.meta.url),
    "utf8",
  ),
);
const cases = [...operationCases, ...decodeOperationCases].map(
  (operationCase, i) => [operationCase.name, operationCase, vectors.cases[i]!] as const,
);

beforeEach((context) => {
  if (!driver.available) context.skip(driver.reason);
});
afterAll(() => gpu.close());

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "none",
    (error: unknown) => (error instanceof R3mesError ? error.code : String(error)),
  );

test("exponentials, saturations and products at the ends of their ranges are the reference's", async () => {
  expect(await smallResults(gpu)).toEqual(await smallResults(reference));
});

/** State of a training after so many plain runs. */
async function train(backend: Backend, optimizer: "adam" | "lion", steps: number) {
  const training = tinyTraining({ seed: 5, steps: 10, optimizer, sequences: 1, length: 24 });
  const session = await backend.prepare(training.program, training.weights);
  training.begin(session);
  for (let t = 1; t <= steps; t++) {
    training.prepareStep(session, t);
    await session.run();
  }
  const state = await readState(session);
  await session.close();
  return state;
}

async function readState(session: Session): Promise<ReadonlyMap<string, Uint8Array>> {
  const state = new Map<string, Uint8Array>();
  for (const { name, role } of session.program.tensors) {
    if (role === "state") state.set(name, await session.read(name));
  }
  return state;
}

function expectSameState(
  actual: ReadonlyMap<string, Uint8Array>,
  expected: ReadonlyMap<string, Uint8Array>,
): void {
  const differing = [...expected].filter(
    ([name, bytes]) => Buffer.compare(bytes, actual.get(name)!) !== 0,
  );
  expect(differing.map(([name]) => name)).toEqual([]);
  expect(actual.size).toBe(expected.size);
}

/** A program of one kernel whose state changes in every run. */
const lionProgram = (() => {
  const builder = createProgramBuilder();
  const declare = (name: string, role: Role, dtype: Dtype, rows: number, columns: number) =>
    builder.declare({ name, dtype, rows, columns, tile: { rows, columns }, role });
  const weight = declare("weight", "state", "i32", 4, 32);
  const m = declare("m", "state", "i32", 4, 32);
  const acc = declare("acc", "input", "i32", 8, 32);
  const magnitude = declare("magnitude", "input", "i16", 1, 1);
  const step = declare("step", "constant", "i32", 1, 8);
  const inputs = { acc, magnitude, step, weight, m };
  builder.add("lion", "update", inputs, { isDown: 0, tokensShift: 3 }, { into: [weight, m] });
  return builder.build("lion alone");
})();
const noWeights = () => new Uint8Array();

function writeInputs(session: Session): void {
  for (const { name, dtype, rows, columns } of session.program.tensors) {
    const value = (row: number, column: number) =>
      name === "magnitude" ? 3 : Math.imul(row * columns + column + 1, 2_654_435_761) >> 12;
    session.write(name, packBlock(dtype, rows, columns, value));
  }
}

describe("the case suite", () => {
  test.each(cases)("%s", async (name, operationCase, vector) => {
    expect(vector.name).toBe(name);
    expect(await runOperationCase(gpu, operationCase)).toEqual(vector.tensors);
  });

  test("linears without the packed product, in a plain run", async () => {
    const plain = createWebgpuBackend(host, { packedDot: false });
    const linear = cases.find(([, { program }]) =>
      program.operations.some(({ kind }) => kind === "linear.backward"),
    )!;
    const results = await runCasePlain(plain, linear[1]);
    await plain.close();
    expect(Object.keys(results).length).toBeGreaterThan(0);
    expect(linear[2].tensors).toMatchObject(results);
  });
});

describe("a training step", () => {
  test.each(["adam", "lion"] as const)(
    "with %s leaves the reference's state",
    async (optimizer) => {
      expectSameState(await train(gpu, optimizer, 2), await train(reference, optimizer, 2));
    },
  );

  test("leaves it whichever invocation of a workgroup comes first", async () => {
    const reversed = createWebgpuBackend({
      ...host,
      readSource: async (name) => reverseLanes(await host.readSource(name)),
    });
    expectSameState(await train(reversed, "adam", 1), await train(reference, "adam", 1));
    await reversed.close();
  });
});

test("tensors that are read at once are those that are read one after the other", async () => {
  const training = tinyTraining({ seed: 5, steps: 10, optimizer: "lion", sequences: 1, length: 8 });
  const session = await gpu.prepare(training.program, training.weights);
  training.begin(session);
  const state = await readState(session);
  const names = [...state.keys()];
  const once = await Promise.all(names.map((name) => session.read(name)));
  expect(names.map((name, i) => [name, once[i]])).toEqual([...state]);
  await expect(Promise.all([session.read("nobody"), session.read(names[0]!)])).rejects.toThrow();
  expect(await session.read(names[0]!)).toEqual(state.get(names[0]!));
  await session.close();
});

test("programs of one state go on from each other", async () => {
  expect(await decodeScores(gpu)).toEqual(await decodeScores(reference));
});

test("memory is counted as long as a session holds it", async () => {
  const backend = createWebgpuBackend(host);
  const prepare = () => backend.prepare(lionProgram, noWeights);
  await (await prepare()).close();
  const one = backend.bytesHeldMax();
  await (await prepare()).close();
  expect(backend.bytesHeldMax()).toBe(one);
  await Promise.all([prepare(), prepare()]);
  expect(backend.bytesHeldMax()).toBeGreaterThan(one);
  await backend.close();
});

describe("what a device cannot do", () => {
  const training = tinyTraining({ seed: 2, steps: 3, sequences: 1, length: 8 });

  test("a program over the budget is refused before memory is reserved", async () => {
    let buffers = 0;
    const counting: WebgpuHost = {
      ...host,
      async openGpu() {
        const opened = await host.openGpu();
        const createBuffer = opened.device.createBuffer.bind(opened.device);
        opened.device.createBuffer = (descriptor) => {
          buffers += 1;
          return createBuffer(descriptor);
        };
        return opened;
      },
    };
    const small = createWebgpuBackend(counting, { memoryBytes: 1 << 16 });
    await small.prepare(cases[0]![1].program, (name) => cases[0]![1].inputs.get(name)!);
    const before = buffers;
    const { program, weights } = training;
    expect(await codeOf(small.prepare(program, weights))).toBe("GPU_MEMORY_EXCEEDED");
    expect(buffers).toBe(before);
    await small.close();
  });

  test("a lost device is told, and a new session goes on from the last state", async () => {
    let opened: OpenGpu | undefined;
    const losing: WebgpuHost = {
      ...host,
      async openGpu() {
        opened = await host.openGpu();
        return opened;
      },
    };
    const backend = createWebgpuBackend(losing);
    const session = await backend.prepare(lionProgram, noWeights);
    writeInputs(session);
    await session.run();
    const checkpoint = await readState(session);
    opened!.device.destroy();
    expect(await codeOf(session.run())).toBe("GPU_LOST");
    expect(await codeOf(session.read("weight"))).toBe("GPU_LOST");
    const next = await backend.prepare(lionProgram, noWeights);
    writeInputs(next);
    for (const [name, bytes] of checkpoint) next.write(name, bytes);
    await next.run();
    const whole = await reference.prepare(lionProgram, noWeights);
    writeInputs(whole);
    await whole.run();
    expectSameState(checkpoint, await readState(whole));
    await whole.run();
    expectSameState(await readState(next), await readState(whole));
    await backend.close();
  });

  test("bad bytes are refused with their name", async () => {
    const cut = gpu.prepare(training.program, async (name) =>
      (await training.weights(name)).subarray(name === "embedding" ? 1 : 0),
    );
    expect(await codeOf(cut)).toBe("TENSOR_BYTES_INVALID");
    const session = await gpu.prepare(training.program, training.weights);
    expect(() => session.write("tokens", new Uint8Array(3))).toThrow(R3mesError);
    expect(() => session.write("embedding", new Uint8Array(3))).toThrow(R3mesError);
    expect(await codeOf(session.read("no such tensor"))).toBe("TENSOR_NOT_FOUND");
    await session.close();
  });

  test("rows that begin or end within a word are refused, with what to do", async () => {
    const program = buildDecodeProgram(TINY_SHAPE, { length: 1 });
    const session = await gpu.prepare(program, training.weights);
    const read = (count: number) =>
      codeOf(session.read("layers.0.attention.k.cache.e", { first: 0, count }));
    expect([await read(1), await read(2)]).toEqual(["TENSOR_ROWS_DIVIDED", "none"]);
    await session.close();
  });
});
