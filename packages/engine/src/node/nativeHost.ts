/// <reference path="./webAssembly.d.ts" />
/**
 * The native kernels in Node: an addon that the bootstrap compiles, over memory shared with
 * `worker_threads`. Holds no arithmetic. The memory is WebAssembly's, because that one grows in place.
 */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import {
  INSTRUCTION_SETS,
  type InstructionSet,
  type NativeHost,
  type NativeMachine,
} from "../backends/native/host.ts";
import type { Execute } from "../backends/wasm/commands.ts";
import type { WorkerOptions } from "../backends/wasm/host.ts";
import { builtAddon, loadAddon } from "./nativeAddon.ts";
import { endWorkers, growMemory, reserveMemory, startWorker } from "./wasmHost.ts";

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

export function createNodeNativeHost(options: NodeNativeOptions = {}): NativeHost {
  const addon = options.addon ?? builtAddon;
  const path = fileURLToPath(addon);
  return {
    threadsMax: availableParallelism(),
    warn: options.warn ?? (() => {}),
    instructionSets() {
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
    execute: executeNative(source),
    async startWorkers(options) {
      const start = async (thread: number) => {
        const workerData: NativeStart = { ...options, ...source, thread };
        workers.push(await startWorker(serveNative, workerData));
      };
      await Promise.all(Array.from({ length: options.threads - 1 }, (_, i) => start(i + 1)));
    },
    close: () => endWorkers(memory.buffer, workers),
  };
}

/** Commands by the kernels of one set over one memory, a whole stretch in one call. */
export function executeNative({ addon, set }: KernelSource): Execute {
  const { sets, run } = loadAddon(addon);
  const number = sets.indexOf(set);
  return (words, from, to, { thread, threads, scratch }) =>
    run(words, number, from, to, thread, threads, scratch);
}
