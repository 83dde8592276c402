import { readFileSync } from "node:fs";
import { tinyTraining } from "@r3mes/models";
import { R3mesError } from "@r3mes/protocol";
import { beforeAll, describe, expect, test } from "vitest";
import { createNodeNativeHost, hasNativeKernels } from "../node/index.ts";
import { joinCases, resultsOf } from "../ops/joinCases.ts";
import { decodeOperationCases, operationCases } from "../ops/operation.case.ts";
import { runCasePlain } from "../ops/runCasePlain.ts";
import { runOperationCase } from "../ops/runOperationCase.ts";
import { extremeWeights } from "../testing/extremeWeights.ts";
import { agreesWithItself, smallResults } from "../testing/kernelProof.ts";
import { observeSteps, stateAfter } from "../testing/observeSteps.ts";
import { productProgram, productWeights } from "../testing/productProgram.ts";
import type { Backend, Session } from "./backend.ts";
import type { InstructionSet, NativeHost, NativeMachine } from "./native/host.ts";
import { createNativeBackend } from "./native.ts";
import { reference } from "./reference.ts";
import { commandWords } from "./wasm/commands.ts";

interface Vectors {
  readonly cases: readonly {
    readonly name: string;
    readonly tensors: Readonly<Record<string, string>>;
  }[];
}

const vectors: Vectors = JSON.parse(
  readFileSync(
    new URL("../../../../spec/vectors/arithmetic/operations.json", import.meta.url),
    "utf8",
  ),
);
const cases = [...operationCases, ...decodeOperationCases];
const joined = joinCases(cases);

/** Where there is no C compiler the tests say so; on CI one is installed, and its absence is a failure. */
const isBuilt = hasNativeKernels();
const sets = isBuilt ? createNodeNativeHost().instructionSets() : [];

const native = (instructions: InstructionSet, threads: number): Backend =>
  createNativeBackend(createNodeNativeHost(), { instructions, threads });

test.skipIf(!isBuilt && process.env.CI === undefined)(
  "native kernels are compiled (skipped where no C compiler is)",
  () => {
    expect(isBuilt, "npm run bootstrap compiles them where cc is gcc or clang").toBe(true);
  },
);

describe.skipIf(!isBuilt)("native kernels (skipped where none are compiled: no C compiler)", () => {
  let edges: readonly Uint8Array[];
  beforeAll(async () => {
    edges = await smallResults(reference);
  });

  describe.each(sets)("%s", (set) => {
    const backend = native(set, 2);
    let traced: Readonly<Record<string, string>>;
    let plain: Readonly<Record<string, string>>;
    beforeAll(async () => {
      traced = await runOperationCase(backend, joined);
      plain = await runCasePlain(backend, joined);
    });

    test.each(cases.map(({ name }, i) => [name, i] as const))("%s", (_name, i) => {
      const vector = vectors.cases[i]!;
      expect(resultsOf(i, traced)).toEqual(vector.tensors);
      const results = Object.entries(resultsOf(i, plain));
      expect(results.length).toBeGreaterThan(0);
      for (const [tensor, hash] of results) {
        expect([tensor, hash]).toEqual([tensor, vector.tensors[tensor]]);
      }
    });

    test("the edges of exponentials, products, scales and alignments", async () => {
      expect(await smallResults(backend)).toEqual(edges);
    });

    test("a plain run over long sequences leaves the state of a traced one", async () => {
      expect(await agreesWithItself(backend)).toBe(true);
    });
  });

  test("a result too large for the caches is the same from every set", async () => {
    // 4.3 MB: large ones may be written past the caches.
    const shape = { kind: "ternary", rows: 1050, inputs: 32, outputs: 1024 } as const;
    const program = productProgram(shape);
    const weights = productWeights(program);
    const multipliers = new Int32Array(shape.rows).map((_, row) => 7000 + row);
    const resultOf = async (set: InstructionSet, threads: number) => {
      const session = await native(set, threads).prepare(program, weights);
      session.write("x", (await weights("x")).subarray(0, shape.rows * shape.inputs));
      session.write("m", new Uint8Array(multipliers.buffer));
      await session.run();
      const result = await session.read("y");
      await session.close();
      return Buffer.from(result).toString("base64");
    };
    const plain = await resultOf("scalar", 1);
    for (const set of sets) {
      for (const threads of [1, 2]) expect((await resultOf(set, threads)) === plain).toBe(true);
    }
  });

  describe("whole training steps", () => {
    const shape = {
      ...{ hidden: 32, layers: 1, heads: 4, kvHeads: 2, headSize: 16 },
      ...{ ffn: 64, vocabulary: 40, context: 80 },
    };
    const plain = tinyTraining({ seed: 8, steps: 10, shape, length: 35 });
    const trainings = {
      "grouped heads, weights at the edges of their formats": {
        ...plain,
        weights: extremeWeights(plain.program),
      },
      "single heads, Lion": tinyTraining({
        ...{ seed: 6, steps: 10, optimizer: "lion", length: 9 },
        shape: { ...shape, heads: 2, kvHeads: 2 },
      }),
    };

    test.each(Object.entries(trainings))("%s", async (_name, training) => {
      const expected = await observeSteps(reference, training, 1);
      const state = await stateAfter(reference, training, 1);
      for (const set of sets) {
        expect(await observeSteps(native(set, 2), training, 1)).toEqual(expected);
        for (const threads of [1, 3]) {
          expect(await stateAfter(native(set, threads), training, 1)).toEqual(state);
        }
      }
    });

    test("rows that pass together eight at a time leave what operations leave one by one", async () => {
      const wide = { ...shape, ffn: 1536 };
      const training = tinyTraining({ seed: 9, steps: 10, shape: wide, length: 35 });
      const shown = (session: Session) => session.run(() => {});
      const state = await stateAfter(native(sets[0]!, 1), training, 1, shown);
      for (const set of sets) {
        for (const threads of [1, 2, 3]) {
          expect(await stateAfter(native(set, threads), training, 1)).toEqual(state);
        }
      }
    });
  });
});

describe("the choice of instructions", () => {
  const path = new URL("./nowhere.node", import.meta.url);
  const codeOf = (attempt: Promise<unknown>) =>
    attempt.then(
      () => "none",
      (error: unknown) => (error instanceof R3mesError ? error.code : String(error)),
    );

  test("without compiled kernels is an error that says what to do", async () => {
    const absent = createNativeBackend(createNodeNativeHost({ addon: path }));
    expect(await codeOf(absent.instructions())).toBe("NATIVE_KERNELS_ABSENT");
  });

  /** A host whose best set answers one sum wrongly. */
  function faultyHost(broken: readonly InstructionSet[]) {
    const host = createNodeNativeHost();
    const warnings: unknown[] = [];
    const faulty: NativeHost = {
      ...host,
      openMachine(set, bytes) {
        const machine = host.openMachine(set, bytes);
        if (!broken.includes(set)) return machine;
        const startCrew: NativeMachine["startCrew"] = async (crew) => {
          const run = await machine.startCrew(crew);
          return (start, length) => {
            const refused = run(start, length);
            const words = new Int32Array(machine.buffer());
            // The first command is a linear layer's, whose tenth argument is where its result lies.
            words[words[start + commandWords(9)]! / 4]! += 1;
            return refused;
          };
        };
        return { ...machine, startCrew };
      },
      warn: (_message, facts) => void warnings.push(facts.set),
    };
    return { host: faulty, warnings };
  }

  test.skipIf(!isBuilt)(
    "takes the best set that passes, and tells of one that does not",
    async () => {
      expect(await createNativeBackend(createNodeNativeHost()).instructions()).toBe(sets[0]);
      if (sets.length < 2) return;
      const { host, warnings } = faultyHost([sets[0]!]);
      expect(await createNativeBackend(host).instructions()).toBe(sets[1]);
      expect(warnings).toEqual([sets[0]]);
    },
  );

  test.skipIf(!isBuilt)("refuses a machine on which no set is right", async () => {
    const { host } = faultyHost(sets);
    expect(await codeOf(createNativeBackend(host).instructions())).toBe("KERNEL_SELF_TEST_FAILED");
  });
});
