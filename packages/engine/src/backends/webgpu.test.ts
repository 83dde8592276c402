/** Opening a device, as far as it needs none; what a device computes is tested in webgpu.integration.test.ts. */
import { tinyTraining } from "@r3mes/models";
import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { createWebgpuBackend } from "./webgpu.ts";

test("sessions that are prepared side by side ask for one device, and the next asks again", async () => {
  let asked = 0;
  const gpu = createWebgpuBackend({
    async openGpu() {
      asked += 1;
      throw new R3mesError({ code: "GPU_UNAVAILABLE", reason: "no adapter" });
    },
    readSource: () => Promise.reject(new Error("no kernel is compiled without a device")),
    warn: () => {},
  });
  const { program, weights } = tinyTraining({ seed: 2, steps: 3, sequences: 1, length: 8 });
  const unavailable = expect.objectContaining({ code: "GPU_UNAVAILABLE" });
  const prepare = () => expect(gpu.prepare(program, weights)).rejects.toEqual(unavailable);
  await Promise.all([prepare(), prepare()]);
  expect(asked).toBe(1);
  await prepare();
  expect(asked).toBe(2);
});
