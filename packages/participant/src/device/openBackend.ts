/** Which backend a device computes on. What changes speed is told; the bytes are the same on each. */
import {
  createNativeBackend,
  createWasmBackend,
  createWebgpuBackend,
  type Machine,
  type NativeHost,
  type SharedBackend,
  type WasmHost,
} from "@r3mes/engine";
import {
  createNodeNativeHost,
  createNodeWasmHost,
  createNodeWebgpuHost,
  hasNativeKernels,
} from "@r3mes/engine/node";
import { R3mesError } from "@r3mes/protocol";
import type { DeviceBackend } from "./deviceBackends.ts";

export interface BackendWanted {
  readonly backend?: DeviceBackend;
  readonly threads: number;
  /**
   * Most bytes of programs that are prepared together, all of which they take then. Absent: they may have any, and take what is written, so
   * that caches of texts that nobody asks for take none.
   */
  readonly bytesMax?: number;
}

/** The backend, and in its name the instructions that it uses. Throws where the one that is named cannot be used. */
export async function openBackend(
  { backend = "auto", threads, bytesMax }: BackendWanted,
  warn: (text: string) => void,
): Promise<SharedBackend> {
  if (backend === "native") return openNative(threads, bytesMax, warn);
  if (backend === "webgpu") {
    const limit = bytesMax === undefined ? {} : { memoryBytes: bytesMax };
    return createWebgpuBackend(createNodeWebgpuHost({ warn }), limit);
  }
  if (backend === "auto" && hasNativeKernels()) {
    try {
      return await openNative(threads, bytesMax, warn);
    } catch (error) {
      if (!(error instanceof R3mesError)) throw error;
      warn(`native kernels are not used: ${error.code}`);
    }
  } else if (backend === "auto") {
    warn(
      "no native kernels are compiled here, see npx r3mes doctor; the slower ones give the same bytes",
    );
  }
  const host: WasmHost = createNodeWasmHost({ warn });
  const openMachine = limited(host.openMachine, bytesMax);
  return createWasmBackend({ ...host, openMachine }, { threads });
}

async function openNative(
  threads: number,
  bytesMax: number | undefined,
  warn: (text: string) => void,
): Promise<SharedBackend> {
  const host: NativeHost = createNodeNativeHost({
    warn: (text, { set }) => warn(`${text}: ${set}`),
  });
  const openMachine = limited(host.openMachine, bytesMax);
  const native = createNativeBackend({ ...host, openMachine }, { threads });
  return { ...native, name: `native, ${await native.instructions()}` };
}

/** Memories of at most `bytesMax`: a program that needs more is refused before it is prepared. */
function limited<Kind, Opened extends Machine>(
  openMachine: (kind: Kind, bytes: number) => Opened,
  bytesMax: number | undefined,
): (kind: Kind, bytes: number) => Opened {
  if (bytesMax === undefined) return openMachine;
  const check = (bytes: number) => {
    if (bytes <= bytesMax) return;
    throw new R3mesError({ code: "MEMORY_LIMIT_EXCEEDED", bytes, bytesMax });
  };
  return (kind, bytes) => {
    check(bytes);
    const machine = openMachine(kind, bytes);
    touch(machine.buffer());
    return {
      ...machine,
      grow(size) {
        check(size);
        machine.grow(size);
      },
    };
  };
}

/** A system gives memory when it is first written: were that in the first step, it would cost twice of what every other costs. */
function touch(memory: SharedArrayBuffer): void {
  const bytes = new Uint8Array(memory);
  // A write that changes nothing: a module may have laid out its data already.
  for (let at = 0; at < bytes.length; at += pageBytes) Atomics.or(bytes, at, 0);
}

/** The least that a system gives at once. */
const pageBytes = 4_096;
