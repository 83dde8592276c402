/**
 * The WebGPU backend: every operation as integer WGSL kernels over one arena on the device, with the bytes of
 * the reference. A lost device is an error with a code; the next `prepare` opens a new one, and a caller goes
 * on from its last checkpoint. It never turns to another backend by itself.
 */
import { R3mesError } from "@r3mes/protocol";
import { checkProgram } from "../program/checkProgram.ts";
import type { SharedBackend } from "./backend.ts";
import { sharedBackend } from "./sharedBackend.ts";
import { createMachine, type GpuMachine } from "./webgpu/createMachine.ts";
import { createSessions } from "./webgpu/createSessions.ts";
import type { WebgpuHost } from "./webgpu/host.ts";
import { passesSelfTest } from "./webgpu/selfTest.ts";

export interface WebgpuOptions {
  /** Most bytes that a session may take on the device; the largest buffer of the device unless stated. */
  readonly memoryBytes?: number;
  /** Whether to use the device's instruction for int8 products; where it exists and is right unless stated. */
  readonly packedDot?: boolean;
}

export interface WebgpuBackend extends SharedBackend {
  /** Most bytes that all sessions together held on the device at once. */
  bytesHeldMax(): number;
  /** Gives the device back; sessions end with it. */
  close(): Promise<void>;
}

export function createWebgpuBackend(host: WebgpuHost, options: WebgpuOptions = {}): WebgpuBackend {
  const memoryBytes = options.memoryBytes ?? Number.MAX_SAFE_INTEGER;
  let opened: Promise<GpuMachine> | undefined;
  let heldBefore = 0;
  let current: GpuMachine | undefined;

  async function machineOf(): Promise<GpuMachine> {
    const last = opened;
    const known = await last?.catch(() => undefined);
    if (known !== undefined && !known.isLost()) return known;
    // Sessions that are prepared side by side share the one device that the first of them opens.
    if (opened === last) {
      known?.close();
      opened = openMachine(host, options);
    }
    return opened ?? machineOf();
  }

  const bytesHeldMax = (): number => Math.max(heldBefore, current?.bytesHeldMax() ?? 0);

  const backend = sharedBackend("webgpu", async (members, weights) => {
    for (const { program } of members) checkProgram(program);
    const machine = await machineOf();
    if (machine !== current) heldBefore = bytesHeldMax();
    current = machine;
    return createSessions({ machine, members, memoryBytes }, weights);
  });
  return {
    ...backend,
    bytesHeldMax,
    async close() {
      const machine = await opened?.catch(() => undefined);
      machine?.close();
      opened = undefined;
    },
  };
}

/** Tries the packed product first, and says so when it cannot be trusted. */
async function openMachine(host: WebgpuHost, options: WebgpuOptions): Promise<GpuMachine> {
  const gpu = await host.openGpu();
  const isOffered = options.packedDot ?? gpu.hasPackedDot;
  try {
    for (const isPacked of isOffered ? [true, false] : [false]) {
      const machine = createMachine(host, gpu, isPacked);
      const memoryBytes = gpu.bytesMax;
      const backend = sharedBackend("webgpu", (members, weights) =>
        createSessions({ machine, members, memoryBytes }, weights),
      );
      if (await passesSelfTest(backend)) return machine;
      if (isPacked) {
        const code = "KERNEL_SELF_TEST_FAILED";
        const { adapter } = gpu;
        host.warn("the packed product of this GPU is not used", { code, adapter });
      }
    }
    throw new R3mesError({ code: "KERNEL_SELF_TEST_FAILED", build: "webgpu" });
  } catch (error) {
    gpu.device.destroy();
    throw error;
  }
}
