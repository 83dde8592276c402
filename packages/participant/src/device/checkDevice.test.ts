import { type Backend, createWasmBackend, reference } from "@r3mes/engine";
import { createNodeWasmHost } from "@r3mes/engine/node";
import { expect, test } from "vitest";
import { checkDevice } from "./checkDevice.ts";

const wasm = createWasmBackend(createNodeWasmHost(), { build: "base", threads: 1 });

/** Wrong by one bit of one tensor after one step. */
function lying(step: number, tensor: string): Backend {
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
          if (runs === step && name === tensor) bytes[0]! ^= 1;
          if (runs === 3 && name === "layers.0.q.a") bytes[1]! ^= 1;
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
  await expect(checkDevice(lying(2, "layers.1.o.b"))).rejects.toMatchObject({
    code: "DEVICE_NOT_EXACT",
    facts: { backend: "lying", step: 2, tensor: "layers.1.o.b" },
  });
});

test("a device whose state is read wrong only at the end is refused, too", async () => {
  const forgetful: Backend = {
    name: "forgetful",
    async prepare(program, weights) {
      const session = await wasm.prepare(program, weights);
      let reads = 0;
      return {
        ...session,
        async read(name) {
          const bytes = (await session.read(name)).slice();
          if (name === "layers.0.q.a") reads += 1;
          if (reads > 3) bytes[0]! ^= 1;
          return bytes;
        },
      };
    },
  };
  await expect(checkDevice(forgetful)).rejects.toMatchObject({
    code: "DEVICE_NOT_EXACT",
    facts: { backend: "forgetful", step: 3, tensor: "all" },
  });
});
