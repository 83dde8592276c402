/** A device that is a GPU, on a real driver or the software one: it proves itself, and trains and shows what the definition says. */
import { reference, stateTensorRoots } from "@r3mes/engine";
import { tinyTraining } from "@r3mes/models";
import { toHex } from "@r3mes/protocol";
import { requireGpuDriver } from "@r3mes/tools/requireGpuDriver";
import { expect, test } from "vitest";
import { createDevice } from "./createDevice.ts";
import type { MeasuredSession } from "./timedSession.ts";

const driver = requireGpuDriver();
const log = { info() {}, warn() {} } as unknown as Parameters<typeof createDevice>[1];

test("a miner's step on a GPU leaves the state of the definition, and shows the same outputs", async (context) => {
  if (!driver.available) return context.skip(driver.reason);
  const options = { backend: "webgpu", threads: 1, bytesMax: 2 ** 28, niceness: 0 } as const;
  const device = await createDevice(options, log);
  expect(device.name).toBe("webgpu");
  const roots: string[][] = [];
  const shown: string[][] = [];
  for (const backend of [device, reference]) {
    const training = tinyTraining({ seed: 7, steps: 2, sequences: 2, length: 8 });
    const session = await backend.prepare(training.program, training.weights);
    training.begin(session);
    training.prepareStep(session, 1);
    await session.run();
    training.prepareStep(session, 2);
    const outputs: string[] = [];
    await session.run((operation, output, bytes) => {
      outputs.push(`${operation} ${output} ${toHex(bytes)}`);
    });
    shown.push(outputs);
    roots.push((await stateTensorRoots(session)).map(toHex));
    if (backend === device) {
      const { ms, ranMs } = (session as MeasuredSession).lastRun();
      expect(ms).toBeGreaterThan(0);
      // A GPU computes while its thread waits: only the clock tells.
      expect(ranMs).toBe(ms);
    }
    await session.close();
  }
  expect(roots[0]).toEqual(roots[1]);
  expect(shown[0]).toEqual(shown[1]);
  await device.close();
}, 600_000);
