import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Backend, createWasmBackend } from "@r3mes/engine";
import { createNodeWasmHost } from "@r3mes/engine/node";
import { systemClock } from "@r3mes/service";
import { expect, test } from "vitest";
import { repository } from "../repository.ts";
import { meterMemory } from "./meterMemory.ts";
import { type Contestant, runConformance } from "./runConformance.ts";

const vectors: { readonly cases: readonly unknown[] } = JSON.parse(
  readFileSync(join(repository, "spec/vectors/arithmetic/operations.json"), "utf8"),
);

const { host, bytesMax } = meterMemory(createNodeWasmHost());
const honest = createWasmBackend(host, { build: "base", threads: 1 });

/** A device that is wrong by one bit in one state tensor, from the second step on. */
const lying: Backend = {
  name: "lying",
  async prepare(program, weights) {
    const session = await honest.prepare(program, weights);
    let runs = 0;
    return {
      ...session,
      async run(observe) {
        runs += 1;
        await session.run(observe);
      },
      async read(name) {
        const bytes = await session.read(name);
        if (runs === 2 && name === "layers.1.v.b") bytes[0]! ^= 1;
        return bytes;
      },
    };
  },
};

/** A device whose every operation is wrong in its first byte. */
const broken: Backend = {
  name: "broken",
  async prepare(program, weights) {
    const session = await honest.prepare(program, weights);
    return {
      ...session,
      run: (observe) =>
        session.run(
          observe &&
            ((operation, output, bytes) => {
              bytes[0]! ^= 1;
              observe(operation, output, bytes);
            }),
        ),
    };
  },
};

const contestant = (backend: Backend): Contestant => ({
  name: backend.name,
  threads: 1,
  backend,
  bytesMax,
});

test("an honest device is equal; a lying one is caught where it lies", async () => {
  const [good, liar, wreck] = await runConformance(
    [honest, lying, broken].map(contestant),
    3,
    systemClock,
    () => {},
  );
  expect(good).toMatchObject({ equal: true, differs: null, steps: 3, cases: { failed: [] } });
  expect(good!.cases).toMatchObject({ passed: vectors.cases.length, all: vectors.cases.length });
  expect(good!.memoryBytes).toBeGreaterThan(65_536);
  expect(liar).toMatchObject({ equal: false, differs: { step: 2, tensor: "layers.1.v.b" } });
  expect(liar!.cases.failed).toEqual([]);
  expect(wreck).toMatchObject({ equal: false, differs: null, cases: { passed: 0 } });
});
