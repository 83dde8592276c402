/// <reference path="./webAssembly.d.ts" />
/**
 * The native kernels in Node: an addon that the bootstrap compiles, over memory shared with
 * `worker_threads`. Holds no arithmetic. The memory is WebAssembly's, because that one grows in place.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import { R3mesError } from "@r3mes/protocol";
import {
  INSTRUCTION_SETS,
  type InstructionSet,
  type NativeHost,
  type NativeMachine,
} from "../backends/native/host.ts";
import type { Kernels, WorkerOptions } from "../backends/wasm/host.ts";
import { endWorkers, growMemory, reserveMemory, startWorker } from "./wasmHost.ts";

/** The addon's exports; `sets` has "" where the processor lacks one. */
interface Addon {
  readonly sets: readonly string[];
  readonly kernels: readonly string[];
  run(memory: Int32Array, set: number, kernel: number, ...args: number[]): void;
}

export interface NodeNativeOptions {
  readonly warn?: NativeHost["warn"];
  /** The addon; the one that the bootstrap compiles unless stated. */
  readonly addon?: URL;
}

/** Kernels of one set over one memory; what any thread needs to open them. */
interface KernelSource {
  readonly addon: string;
  readonly set: InstructionSet;
  readonly memory: WebAssembly.Memory;
}

/** What a worker is started with; `serveNative.ts` is the other side. */
export interface NativeStart extends WorkerOptions, KernelSource {
  readonly thread: number;
}

const serveNative = new URL("./serveNative.ts", import.meta.url);
const built = new URL("../../build/native/kernels.node", import.meta.url);

/** True if the native kernels were compiled in this checkout. */
export function hasNativeKernels(addon: URL = built): boolean {
  return existsSync(addon);
}

export function createNodeNativeHost(options: NodeNativeOptions = {}): NativeHost {
  const addon = options.addon ?? built;
  const path = fileURLToPath(addon);
  return {
    threadsMax: availableParallelism(),
    warn: options.warn ?? (() => {}),
    instructionSets() {
      if (!hasNativeKernels(addon)) throw new R3mesError({ code: "NATIVE_KERNELS_ABSENT", path });
      const { sets } = loadAddon(path);
      return sets.filter((set) =>
        INSTRUCTION_SETS.includes(set as InstructionSet),
      ) as InstructionSet[];
    },
    openMachine: (set, bytes) => openMachine({ addon: path, set, memory: reserveMemory(bytes) }),
  };
}

function openMachine(source: KernelSource): NativeMachine {
  const { memory } = source;
  const workers: Worker[] = [];
  return {
    buffer: () => memory.buffer,
    grow: (bytes) => growMemory(memory, bytes),
    kernels: kernelsOf(source),
    async startWorkers(options) {
      for (let thread = 1; thread < options.threads; thread++) {
        const workerData: NativeStart = { ...options, ...source, thread };
        workers.push(await startWorker(serveNative, workerData));
      }
    },
    close: () => endWorkers(memory.buffer, workers),
  };
}

/** The kernels of one set over one memory, on the calling thread. */
export function kernelsOf({ addon, set, memory }: KernelSource): Kernels {
  const { sets, kernels, run } = loadAddon(addon);
  const words = new Int32Array(memory.buffer);
  const number = sets.indexOf(set);
  return Object.fromEntries(
    kernels.map((name, kernel) => [
      name,
      (...args: number[]) => run(words, number, kernel, ...args),
    ]),
  );
}

function loadAddon(path: string): Addon {
  try {
    return createRequire(import.meta.url)(path) as Addon;
  } catch (cause) {
    throw new R3mesError({ code: "NATIVE_KERNELS_ABSENT", path }, { cause });
  }
}
