import { type Backend, createWasmBackend } from "@r3mes/engine";
import { createNodeWasmHost, hasNativeKernels } from "@r3mes/engine/node";
import { randomCase } from "@r3mes/models";
import { expect, test } from "vitest";
import { type Contestant, contestantsOf } from "./runConformance.ts";
import { runFuzz } from "./runFuzz.ts";

const quiet = () => {};

test("random programs are equal on both builds, and on native kernels where they are compiled", async () => {
  // One thread each: workers start for every program, and other tests run the cases on several.
  const names = ["wasm-base", "wasm-relaxed", ...(hasNativeKernels() ? ["native"] : [])];
  const contestants = names.flatMap((name) => contestantsOf(name, [1]));
  const report = await runFuzz(contestants, { programs: 4, seed: 7 }, quiet);
  expect(report).toEqual({ programs: 4, seed: 7, failed: [] });
});

test("a device that is wrong in one program is found, with the command that replays it", async () => {
  const [right, wrongOn] = [8, 9].map((seed) => randomCase(seed).program.operations.length);
  expect(right).not.toBe(wrongOn);
  const honest = createWasmBackend(createNodeWasmHost(), { build: "base", threads: 1 });
  const wrong: Backend = {
    name: "wrong",
    async prepare(program, weights) {
      const session = await honest.prepare(program, weights);
      const last = program.operations.length - 1;
      return {
        ...session,
        run: (observe) =>
          session.run(
            observe &&
              ((operation, output, bytes) => {
                if (operation === last && last + 1 === wrongOn) bytes[0]! ^= 1;
                observe(operation, output, bytes);
              }),
          ),
      };
    },
  };
  const contestant: Contestant = {
    ...{ name: "wasm-base", threads: 1, backend: wrong },
    bytesMax: () => null,
  };
  const { failed } = await runFuzz([contestant], { programs: 2, seed: 8 }, quiet);
  expect(failed).toEqual([
    {
      ...{ backend: "wasm-base", threads: 1, seed: 9, tensor: expect.any(String) },
      replay: "npx r3mes conformance --backend wasm-base --threads 1 --fuzz 1 --seed 9",
    },
  ]);
});

test("a device that raises is told of, program by program, and no session of it stays open", async () => {
  const honest = createWasmBackend(createNodeWasmHost(), { build: "base", threads: 1 });
  let open = 0;
  const raising: Backend = {
    name: "raising",
    async prepare(program, weights) {
      const session = await honest.prepare(program, weights);
      open += 1;
      return {
        ...session,
        run: () => Promise.reject(new Error("out of order")),
        close: () => {
          open -= 1;
          return session.close();
        },
      };
    },
  };
  const contestant: Contestant = {
    ...{ name: "wasm-base", threads: 1, backend: raising },
    bytesMax: () => null,
  };
  const { failed } = await runFuzz([contestant], { programs: 2, seed: 8 }, quiet);
  expect(failed.map(({ seed, tensor }) => [seed, tensor])).toEqual([
    [8, "error: out of order"],
    [9, "error: out of order"],
  ]);
  expect(open).toBe(0);
});
