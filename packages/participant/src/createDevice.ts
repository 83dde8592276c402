/** The device that a participant computes on: the WASM backend within the threads and the memory that it was given. */
import { type Backend, createWasmBackend, type WasmHost } from "@r3mes/engine";
import { createNodeWasmHost } from "@r3mes/engine/node";
import { R3mesError } from "@r3mes/protocol";
import type { Logger } from "@r3mes/service";
import { checkDevice } from "./checkDevice.ts";

export interface DeviceOptions {
  readonly threads: number;
  /** Most bytes of one prepared program. */
  readonly bytesMax: number;
}

/** A device that has proven itself. It never falls back to another: DEVICE_NOT_EXACT. */
export async function createDevice(
  { threads, bytesMax }: DeviceOptions,
  log: Logger,
): Promise<Backend> {
  const host = createNodeWasmHost({ warn: (text) => log.warn({ text }, "device") });
  const backend = createWasmBackend(limitMemory(host, bytesMax), { threads });
  await checkDevice(backend);
  log.info({ backend: backend.name, threads, bytesMax }, "device computes the specified bytes");
  return backend;
}

function limitMemory(host: WasmHost, bytesMax: number): WasmHost {
  const check = (bytes: number) => {
    if (bytes <= bytesMax) return;
    throw new R3mesError({ code: "MEMORY_LIMIT_EXCEEDED", bytes, bytesMax });
  };
  return {
    ...host,
    openMachine(build, bytes) {
      check(bytes);
      const machine = host.openMachine(build, bytes);
      return {
        ...machine,
        grow(size) {
          check(size);
          machine.grow(size);
        },
      };
    },
  };
}
