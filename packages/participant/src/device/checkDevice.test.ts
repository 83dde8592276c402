import { type Backend, createWasmBackend, reference } from "@r3mes/engine";
import { createNodeWasmHost } from "@r3mes/engine/node";
import { expect, test } from "vitest";
import { checkDevice } from "./checkDevice.ts";

const wasm = createWasmBackend(createNodeWasmHost(), { build: "base", threads: 1 });

/** Changes what is read of a state tensor. */
type Spoil = (name: string, bytes: Uint8Array, runs: number) => void;

/** A device that computes rightly and is read wrongly. */
function lying(spoil: Spoil): Backend {
  return {
    name: "lying",
    async prepare(program, weights) {
      const session = await wasm.prepare(program, weights);
      let runs = 0;
      return {
        ...session,
        async run() {
          runs += 1;
          await session.run();
        },
        async read(name) {
          const bytes = (await session.read(name)).slice();
          spoil(name, bytes, runs);
          return bytes;
        },
      };
    },
  };
}

test("the known root is that of the definition, and every backend has to give it", async () => {
  await checkDevice(reference);
  await checkDevice(wasm);
});

test("a device that is not exact is refused by the first tensor that differs", async () => {
  const device = lying((name, bytes, runs) => {
    if (runs === 2 && name === "layers.1.o.b") bytes[0]! ^= 1;
    if (runs === 3 && name === "layers.0.q.a") bytes[1]! ^= 1;
  });
  await expect(checkDevice(device)).rejects.toMatchObject({
    code: "DEVICE_NOT_EXACT",
    facts: { backend: "lying", step: 2, tensor: "layers.1.o.b" },
  });
});

test("a device whose state is read wrong only at the end is refused, too", async () => {
  let reads = 0;
  const device = lying((name, bytes) => {
    if (name === "layers.0.q.a") reads += 1;
    if (reads > 3) bytes[0]! ^= 1;
  });
  await expect(checkDevice(device)).rejects.toMatchObject({
    code: "DEVICE_NOT_EXACT",
    facts: { backend: "lying", step: 3, tensor: "all" },
  });
});
