import { type Backend, createWasmBackend, encodeRefereeRequest } from "@r3mes/engine";
import type { TileVector } from "@r3mes/engine/conformance";
import { createNodeWasmHost, createReferee } from "@r3mes/engine/node";
import { fromHex, toHex } from "@r3mes/protocol";
import { systemClock } from "@r3mes/service";
import { expect, test } from "vitest";
import { type Contestant, contestantsOf } from "./runConformance.ts";
import { runRoots } from "./runRoots.ts";

/** After 3 of the 1,000 steps whose last root stands in docs/benchmarks.md. */
const ROOT = "a21ea7ade76707f9d42421b27a3c23fc5805af4fb8faf94a97e2852cbd392c33";

const honest = createWasmBackend(createNodeWasmHost(), { build: "base", threads: 1 });

/** A device that is wrong by one bit in the second step. */
const lying: Backend = {
  name: "lying",
  async prepare(program, weights) {
    const session = await honest.prepare(program, weights);
    let runs = 0;
    return {
      ...session,
      async run() {
        runs += 1;
        await session.run();
      },
      async read(name) {
        const bytes = await session.read(name);
        if (runs === 2 && name === "layers.0.q.b") bytes[0]! ^= 1;
        return bytes;
      },
    };
  },
};

const call = createReferee();

/** A sampled tile from what stands in the sample alone. */
function repeatTile({ record, tile, constants, inputs }: TileVector): string {
  const request = {
    ...{ record: fromHex(record), tile, constants: fromHex(constants) },
    inputs: inputs.map(({ slot, first, bytes }) => ({ slot, first, bytes: fromHex(bytes) })),
  };
  return toHex(call("execute", encodeRefereeRequest(request)) as Uint8Array);
}

test("a prefix of the long run has its root, on the device, in the reference and by the referee", async () => {
  const liar: Contestant = {
    ...{ name: "lying", threads: 1, backend: lying },
    bytesMax: () => null,
  };
  const contestants = [...contestantsOf("wasm-base", [1]), liar];
  const { report, samples } = await runRoots(
    { steps: 3, contestants, samplers: [] },
    systemClock,
    () => {},
  );
  expect(report).toMatchObject({
    root: ROOT,
    backends: [
      { backend: "wasm-base", root: ROOT, differsAt: null },
      { backend: "lying", differsAt: 2 },
    ],
    sampled: [{ backend: "reference", steps: [1, 2, 3], differsAt: null }],
    referee: { step: 3, tiles: 200, failed: [] },
  });
  expect(samples.steps.map(({ t, root }) => [t, root]).at(-1)).toEqual([3, ROOT]);
  expect(samples.cases.map(repeatTile)).toEqual(samples.cases.map(({ bytes }) => bytes));
});
