import {
  type BitnetShape,
  buildForwardProgram,
  type TinyTraining,
  tinyTraining,
} from "@r3mes/models";
import { TINY_ADAPTER, tinyWeights } from "@r3mes/models/testing";
import { R3mesError } from "@r3mes/protocol";
import { beforeAll, describe, expect, test } from "vitest";
import { createNodeWasmHost } from "../node/index.ts";
import type { Program } from "../program/program.ts";
import { packBlock, tensorBytes } from "../tensor/storage.ts";
import { extremeWeights } from "../testing/extremeWeights.ts";
import {
  agreesWithItself,
  alignments,
  exponentials,
  products,
  saturations,
  scalings,
  scores,
} from "../testing/kernelProof.ts";
import { stateAfter } from "../testing/observeSteps.ts";
import type { Backend, Session, WeightSource } from "./backend.ts";
import { reference } from "./reference.ts";
import { passesCases } from "./wasm/caseTest.ts";
import * as selfTest from "./wasm/chooseBuild.ts";
import { commandWords } from "./wasm/commands.ts";
import type { KernelBuild, WasmHost, WasmMachine } from "./wasm/host.ts";
import { KERNEL_NAMES, type KernelName } from "./wasm/kernelNames.ts";
import { backendWith, createWasmBackend } from "./wasm.ts";

/** Grouped heads, three blocks of attention rows of which the last is cut, two chunks nowhere. */
const GROUPED: BitnetShape = {
  hidden: 32,
  layers: 1,
  heads: 4,
  kvHeads: 2,
  headSize: 16,
  ffn: 64,
  vocabulary: 40,
  context: 80,
};

type Outputs = readonly Uint8Array[];

const wasm = (build: KernelBuild, threads: number): Backend =>
  createWasmBackend(createNodeWasmHost(), { build, threads });

/** All outputs of every operation of steps 1 to `steps`, one list for each step. */
async function observe(
  backend: Backend,
  training: TinyTraining,
  steps: number,
): Promise<Outputs[]> {
  const session = await backend.prepare(training.program, training.weights);
  training.begin(session);
  const seen: Uint8Array[][] = [];
  for (let t = 1; t <= steps; t++) {
    training.prepareStep(session, t);
    const outputs: Uint8Array[] = [];
    await session.run((_operation, _output, bytes) => void outputs.push(bytes.slice()));
    seen.push(outputs);
  }
  await session.close();
  return seen;
}

/** Bytes of every state tensor and result after `steps` plain runs. */
async function train(
  backend: Backend,
  training: TinyTraining,
  steps: number,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const session = await backend.prepare(training.program, training.weights);
  training.begin(session);
  for (let t = 1; t <= steps; t++) {
    training.prepareStep(session, t);
    await session.run();
  }
  const bytes = await readAll(session);
  await session.close();
  return bytes;
}

async function readAll(session: Session): Promise<ReadonlyMap<string, Uint8Array>> {
  const { tensors, operations } = session.program;
  const read = new Set(operations.flatMap(({ inputs }) => inputs));
  const names = tensors.flatMap(({ role, name }, id) =>
    role === "state" || (role === "intermediate" && !read.has(id)) ? [name] : [],
  );
  const bytes = new Map<string, Uint8Array>();
  for (const name of names) bytes.set(name, await session.read(name));
  return bytes;
}

/** Names the first operation that differs, since thousands of bytes say nothing. */
function expectSameOutputs(
  program: Program,
  actual: readonly Outputs[],
  expected: readonly Outputs[],
) {
  const labels = program.operations.flatMap(({ name, kind, outputs }) =>
    outputs.map((_, output) => `${name} (${kind}) output ${output}`),
  );
  const differing = expected.flatMap((outputs, step) =>
    outputs.flatMap((bytes, i) =>
      Buffer.compare(bytes, actual[step]![i]!) === 0 ? [] : [`step ${step + 1}: ${labels[i]}`],
    ),
  );
  expect(differing.slice(0, 3)).toEqual([]);
  expect(actual.map((outputs) => outputs.length)).toEqual(expected.map(({ length }) => length));
}

function expectSameState(
  actual: ReadonlyMap<string, Uint8Array>,
  expected: ReadonlyMap<string, Uint8Array>,
) {
  const differing = [...expected].filter(
    ([name, bytes]) => Buffer.compare(bytes, actual.get(name)!) !== 0,
  );
  expect(differing.map(([name]) => name)).toEqual([]);
  expect(actual.size).toBe(expected.size);
}

describe("every operation of a training step", () => {
  const trainings = {
    "grouped heads, Adam": tinyTraining({ seed: 5, steps: 10, shape: GROUPED, length: 70 }),
    "single heads, Lion": tinyTraining({
      seed: 6,
      steps: 10,
      optimizer: "lion",
      shape: { ...GROUPED, heads: 2, kvHeads: 2 },
      adapter: { ...TINY_ADAPTER, rank: 16, targets: ["q", "v", "down"] },
      length: 33,
    }),
  };
  describe.each(Object.entries(trainings))("%s", (_name, training) => {
    let expected: Outputs[];
    beforeAll(async () => {
      expected = await observe(reference, training, 2);
    }, 300_000);

    test.each([
      ["base", 1],
      ["base", 3],
      ["relaxed", 1],
      ["relaxed", 2],
    ] as const)(
      "%s kernels on %i threads show the bytes of the reference",
      async (build, threads) => {
        expectSameOutputs(
          training.program,
          await observe(wasm(build, threads), training, 2),
          expected,
        );
      },
    );
  });

  test("shown alone, an operation has the bytes of the reference, and so has the state behind it", async () => {
    const training = tinyTraining({ seed: 7, steps: 10, shape: GROUPED, length: 40 });
    const { program } = training;
    const [expected] = await observe(reference, training, 1);
    const state = await train(reference, training, 1);
    const places = program.operations.flatMap(({ outputs }, at) => outputs.map(() => at));
    const session = await wasm("relaxed", 2).prepare(program, training.weights);
    const shares = Array.from({ length: 9 }, (_, share) => places.filter((at) => at % 9 === share));
    const alone = places.filter((at) => at % 10 === 0).map((at) => [at]);
    for (const shown of [...shares, ...alone]) {
      const only = new Set(shown);
      training.begin(session);
      training.prepareStep(session, 1);
      const seen: Uint8Array[] = [];
      await session.run((_operation, _output, bytes) => void seen.push(bytes.slice()), only);
      expect(seen).toEqual(expected!.filter((_, i) => only.has(places[i]!)));
      expectSameState(await readAll(session), state);
    }
    await session.close();
  });

  test("what a tree hides is run behind it, and the plain run's commands as they are", async () => {
    const training = tinyTraining({ seed: 7, steps: 10, shape: GROUPED, length: 40 });
    const { program } = training;
    const host = createNodeWasmHost();
    const runs: { readonly start: number; readonly length: number }[] = [];
    const openMachine = (build: KernelBuild, bytes: number): WasmMachine => {
      const machine = host.openMachine(build, bytes);
      const startCrew: WasmMachine["startCrew"] = async (crew) => {
        const run = await machine.startCrew(crew);
        return (start, length) => {
          runs.push({ start, length });
          return run(start, length);
        };
      };
      return { ...machine, startCrew };
    };
    const backend = createWasmBackend({ ...host, openMachine }, { build: "base", threads: 1 });
    const session = await backend.prepare(program, training.weights);
    training.begin(session);
    training.prepareStep(session, 1);
    await session.run();
    const [plain] = runs.splice(0);
    const hidden = program.operations.findIndex(({ kind }) => kind === "attention.weights");
    const seen: number[] = [];
    await session.run((position) => void seen.push(position), new Set([hidden]));
    expect(seen).toEqual([hidden]);
    const [before, behind, after] = runs;
    expect(runs.length).toBe(3);
    expect(before!.start).toBe(plain!.start);
    expect(after!.start).toBe(before!.start + before!.length);
    expect(before!.length + after!.length).toBe(plain!.length);
    expect(behind!.length).toBeLessThan(plain!.length / 50);
    await session.close();
  });

  test("weights at the edges of their formats give the bytes of the reference", async () => {
    const plain = tinyTraining({ seed: 8, steps: 10, shape: GROUPED, length: 40 });
    const training = { ...plain, weights: extremeWeights(plain.program) };
    const expected = await observe(reference, training, 2);
    for (const build of ["base", "relaxed"] as const) {
      expectSameOutputs(training.program, await observe(wasm(build, 2), training, 2), expected);
    }
    expectSameState(
      await train(wasm("relaxed", 2), training, 2),
      await train(reference, training, 2),
    );
  }, 300_000);
});

describe("a plain run", () => {
  const training = tinyTraining({ seed: 9, steps: 10, shape: GROUPED, length: 70 });
  let expected: ReadonlyMap<string, Uint8Array>;
  beforeAll(async () => {
    expected = await train(reference, training, 3);
  }, 300_000);

  test.each([
    ["base", 1],
    ["base", 2],
    ["base", 4],
    ["relaxed", 1],
    ["relaxed", 2],
    ["relaxed", 4],
  ] as const)(
    "%s kernels on %i threads leave the state of the reference",
    async (build, threads) => {
      expectSameState(await train(wasm(build, threads), training, 3), expected);
    },
  );

  test("takes rows eight at a time through commands that keep to them, to the same bytes", async () => {
    const shape = { ...GROUPED, ffn: 1536 };
    const training = tinyTraining({ seed: 9, steps: 10, shape, length: 35 });
    const shown = (session: Session) => session.run(() => {});
    const state = await stateAfter(wasm("base", 1), training, 1, shown);
    for (const [build, threads] of [
      ["base", 1],
      ["base", 3],
      ["relaxed", 2],
    ] as const) {
      expect(await stateAfter(wasm(build, threads), training, 1)).toEqual(state);
    }
  });

  test("may follow a traced run and be followed by one", async () => {
    const session = await wasm("relaxed", 2).prepare(training.program, training.weights);
    training.begin(session);
    for (let t = 1; t <= 3; t++) {
      training.prepareStep(session, t);
      await session.run(t === 2 ? () => {} : undefined);
    }
    expectSameState(await readAll(session), expected);
    await session.close();
  });
});

test("decoding with a cache of past heads gives the scores of the reference", async () => {
  const options = { sequences: 1, length: 1, past: 37, adapter: TINY_ADAPTER };
  const program = buildForwardProgram(GROUPED, options);
  const inputs = program.tensors.filter(({ role }) => role === "input" || role === "state");
  const scores = async (backend: Backend) => {
    const session = await backend.prepare(program, tinyWeights(program, 4));
    for (const [position, { name, dtype, rows, columns }] of inputs.entries()) {
      const limit = name === "tokens" ? 40 : name.endsWith(".e") ? 12 : dtype === "i8" ? 127 : 4096;
      const value = (row: number, column: number) =>
        (Math.imul(row * 31 + column + position, 2_654_435_761) >>> 7) % limit;
      session.write(name, packBlock(dtype, rows, columns, value));
    }
    await session.run();
    const bytes = await session.read("score");
    await session.close();
    return bytes;
  };
  const expected = await scores(reference);
  for (const threads of [1, 2, 3]) expect(await scores(wasm("relaxed", threads))).toEqual(expected);
});

test("exponentials agree with the reference to the end of their range", async () => {
  const expected = await exponentials(reference);
  for (const build of ["base", "relaxed"] as const) {
    expect(await exponentials(wasm(build, 1))).toEqual(expected);
  }
});

test("products of odd sizes agree with the reference", async () => {
  const sizes: [rows: number, depth?: number, chunk?: number][] = [[2], [5], [5, 1_100, 1_060]];
  for (const size of sizes) {
    const expected = await products(reference, ...size);
    for (const build of ["base", "relaxed"] as const) {
      expect(await products(wasm(build, 2), ...size)).toEqual(expected);
    }
  }
});

test.each([
  ["that leave 32 bits", saturations],
  ["by the largest factor", scalings],
  ["of a vocabulary", scores],
] as const)("sums %s are scaled as in the reference", async (_, scaled) => {
  const expected = await scaled(reference);
  for (const build of ["base", "relaxed"] as const) {
    expect(await scaled(wasm(build, 1))).toEqual(expected);
  }
});

test("a plain run over long sequences leaves the state of a traced one", async () => {
  for (const build of ["base", "relaxed"] as const) {
    expect(await agreesWithItself(wasm(build, 2))).toBe(true);
  }
});

test("gradients of sisters are aligned over the whole range of exponents", async () => {
  const expected = await alignments(reference);
  for (const build of ["base", "relaxed"] as const) {
    expect(await alignments(wasm(build, 2))).toEqual(expected);
  }
});

describe("the self-test", () => {
  const chooseBuild = (host: WasmHost) =>
    selfTest.chooseBuild(host, { backendWith: (build) => backendWith(host, build, 1) });

  /** A host whose kernels of some builds answer one sum wrongly, from the given call on. */
  function faultyHost(builds: readonly KernelBuild[], firstBadCall: number) {
    const host = createNodeWasmHost();
    const warnings: string[] = [];
    const spoil = (machine: WasmMachine): WasmMachine => {
      let calls = 0;
      const ternaryForward = (...args: number[]): void => {
        machine.kernels.ternaryForward!(...args);
        calls += 1;
        if (calls >= firstBadCall) new Int32Array(machine.buffer())[args[4]! / 4]! += 1;
      };
      return { ...machine, kernels: { ...machine.kernels, ternaryForward } };
    };
    const faulty: WasmHost = {
      ...host,
      openMachine: (build, bytes) => {
        const machine = host.openMachine(build, bytes);
        return builds.includes(build) ? spoil(machine) : machine;
      },
      warn: (message, facts) => void warnings.push(`${message}: ${facts.code}`),
    };
    return { host: faulty, warnings };
  }

  test("takes the relaxed kernels where they are right", async () => {
    const { host, warnings } = faultyHost([], 1);
    expect(await chooseBuild(host)).toBe("relaxed");
    expect(warnings).toEqual([]);
  });

  test.each([1, 3_000])(
    "falls back to base, and says so, when call %i is wrong",
    async (firstBadCall) => {
      const { host, warnings } = faultyHost(["relaxed"], firstBadCall);
      expect(await chooseBuild(host)).toBe("base");
      expect(warnings).toEqual([
        "the relaxed kernels are not used on this machine: KERNEL_SELF_TEST_FAILED",
      ]);
    },
  );

  test("refuses a machine on which no kernels are right", async () => {
    const { host } = faultyHost(["relaxed", "base"], 1);
    await expect(chooseBuild(host)).rejects.toMatchObject({ code: "KERNEL_SELF_TEST_FAILED" });
  });

  /** A host that compiles by an experiment, and one of whose relaxed kernels leaves its results as they were. */
  function idleHost(idle: KernelName) {
    const host = createNodeWasmHost();
    const warnings: string[] = [];
    const openMachine = (build: KernelBuild, bytes: number): WasmMachine => {
      const machine = host.openMachine(build, bytes);
      const startCrew: WasmMachine["startCrew"] = async (crew) => {
        const run = await machine.startCrew(crew);
        return async (start, length) => {
          const words = new Int32Array(machine.buffer());
          for (let at = start; at < start + length; ) {
            const size = commandWords(words[at + 4]!);
            if (KERNEL_NAMES[words[at]!] !== idle && (await run(at, size)) !== -1) return 0;
            at += size;
          }
          return -1;
        };
      };
      return build === "relaxed" ? { ...machine, startCrew } : machine;
    };
    const warn = (_message: string, facts: Readonly<Record<string, string | number>>) =>
      void warnings.push(`${facts.code}`);
    return { host: { ...host, isExperimental: true, openMachine, warn }, warnings };
  }

  test("of an experiment finds the bytes of the definition", async () => {
    for (const build of ["base", "relaxed"] as const) {
      expect(await passesCases(backendWith(createNodeWasmHost(), build, 1))).toBe(true);
    }
    expect(await passesCases(reference)).toBe(true);
  });

  test.each(KERNEL_NAMES)("of an experiment notices a fault in %s", async (kernel) => {
    expect(await passesCases(backendWith(idleHost(kernel).host, "relaxed", 1))).toBe(false);
  });

  test("of an experiment falls back to base, and says so", async () => {
    const { host, warnings } = idleHost("normEpsilon");
    expect(await chooseBuild(host)).toBe("base");
    expect(warnings).toEqual(["KERNEL_SELF_TEST_FAILED"]);
  });
});

describe("bad input", () => {
  const training = tinyTraining({ seed: 2, steps: 10, shape: GROUPED, length: 4 });
  const prepare = (weights: WeightSource, program = training.program) =>
    wasm("relaxed", 1).prepare(program, weights);
  const changed = (name: string, change: (bytes: Uint8Array) => Uint8Array): WeightSource => {
    return async (asked) => {
      const bytes = await training.weights(asked);
      return asked === name ? change(bytes.slice()) : bytes;
    };
  };
  const codeOf = (attempt: Promise<unknown>) =>
    attempt.then(
      () => "none",
      (error: unknown) => (error instanceof R3mesError ? error.code : String(error)),
    );

  test("a reserved ternary code is refused", async () => {
    const weights = changed("layers.0.q.w", (bytes) => bytes.fill(0x0c, 5, 6));
    expect(await codeOf(prepare(weights))).toBe("TENSOR_BYTES_INVALID");
  });

  test("a cut weight is refused", async () => {
    const weights = changed("embedding", (bytes) => bytes.subarray(1));
    expect(await codeOf(prepare(weights))).toBe("TENSOR_BYTES_INVALID");
  });

  test("a refused weight leaves no thread behind", async () => {
    const host = createNodeWasmHost();
    const events: string[] = [];
    const openMachine = (build: KernelBuild, bytes: number): WasmMachine => {
      const machine = host.openMachine(build, bytes);
      return {
        ...machine,
        async startCrew(options) {
          const run = await machine.startCrew(options);
          events.push("started");
          return run;
        },
        async close() {
          await machine.close();
          events.push("closed");
        },
      };
    };
    const backend = createWasmBackend({ ...host, openMachine }, { build: "base", threads: 2 });
    const weights = changed("embedding", (bytes) => bytes.subarray(1));
    const attempt = backend.prepare(training.program, weights);
    expect(await codeOf(attempt)).toBe("TENSOR_BYTES_INVALID");
    // In a browser nobody ends a thread that starts after its machine was closed.
    expect(events.slice(-2)).toEqual(["started", "closed"]);
  });

  test("a cut or unknown input is refused and changes nothing", async () => {
    const session = await prepare(training.weights);
    training.begin(session);
    const before = await readAll(session);
    expect(() => session.write("tokens", new Uint8Array(3))).toThrow(R3mesError);
    expect(() => session.write("no such tensor", new Uint8Array(3))).toThrow(R3mesError);
    expect(() => session.write("embedding", new Uint8Array(3))).toThrow(R3mesError);
    expect(await codeOf(session.read("embed"))).toBe("TENSOR_NOT_FOUND");
    expectSameState(await readAll(session), before);
    await session.close();
  });

  test("a program beyond 32-bit memory is refused before anything is reserved", async () => {
    const shape = { ...GROUPED, context: 1 << 27 };
    const huge = tinyTraining({ seed: 1, steps: 1, shape, length: 4 });
    expect(huge.program.tensors.some((tensor) => tensorBytes(tensor) > 2 ** 31)).toBe(true);
    expect(await codeOf(prepare(huge.weights, huge.program))).toBe("ENGINE_MEMORY_EXCEEDED");
  });
});
