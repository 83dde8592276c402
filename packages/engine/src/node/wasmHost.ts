/// <reference path="./webAssembly.d.ts" />
/**
 * Threads and WebAssembly of Node for the WASM backend: `worker_threads` over one shared memory.
 * Holds no arithmetic; a browser's adapter differs only in how it starts a worker.
 */
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { R3mesError } from "@r3mes/protocol";
import { CONTROL, loseThread, runOnCrew } from "../backends/wasm/commands.ts";
import { executeExports } from "../backends/wasm/executeExports.ts";
import type {
  CrewOptions,
  KernelBuild,
  Kernels,
  WasmHost,
  WasmMachine,
} from "../backends/wasm/host.ts";

const serveMachine = new URL("./serveMachine.ts", import.meta.url);
const PAGE_BYTES = 65_536;
/** What 32-bit addresses reach. */
const PAGES_MAX = 65_536;

/** What a worker is started with; `serveMachine.ts` is the other side. */
export interface WorkerStart extends CrewOptions {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly thread: number;
}

export interface NodeWasmOptions {
  /**
   * Lets V8 join neighbouring 128-bit operations into 256-bit ones: 1.3 to 1.9 times as fast where
   * the CPU has AVX2. Experimental in V8 and process-wide, so an opt-in. All WebAssembly is then compiled once, by the compiler
   * that joins, so that the kernels that were tested are those that run.
   */
  readonly revectorize?: boolean;
  readonly warn?: WasmHost["warn"];
  /** Folder of base.wasm and relaxed.wasm; the committed ones unless stated. */
  readonly kernels?: URL;
}

/** For a process that joins operations; what is compiled twice would have to be tested twice. */
export const REVECTORIZE_FLAGS = ["--experimental-wasm-revectorize", "--no-liftoff"] as const;

export function createNodeWasmHost(options: NodeWasmOptions = {}): WasmHost {
  const folder = options.kernels ?? new URL("../kernels/wasm/", import.meta.url);
  if (options.revectorize) for (const flag of REVECTORIZE_FLAGS) setFlagsFromString(flag);
  const modules = new Map<KernelBuild, WebAssembly.Module>();
  return {
    threadsMax: availableParallelism(),
    isExperimental: options.revectorize ?? false,
    warn: options.warn ?? (() => {}),
    openMachine(build, bytes) {
      if (!modules.has(build)) modules.set(build, compileKernels(build, folder));
      return openMachine(modules.get(build)!, bytes);
    },
  };
}

function openMachine(module: WebAssembly.Module, bytes: number): WasmMachine {
  const memory = reserveMemory(bytes);
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
  const workers: Worker[] = [];
  return {
    buffer: () => memory.buffer,
    grow: (size) => growMemory(memory, size),
    kernels,
    async startCrew(options) {
      const start = async (thread: number) => {
        const workerData: WorkerStart = { ...options, module, memory, thread };
        workers.push(await startWorker(workerData));
      };
      await Promise.all(Array.from({ length: options.threads - 1 }, (_, i) => start(i + 1)));
      const { threads, scratch } = options;
      const execute = executeExports(kernels);
      const crew = { buffer: () => memory.buffer, execute, thread: 0, threads, scratch };
      return (start, length) => runOnCrew(crew, { start, length }, setImmediate);
    },
    close: () => endWorkers(memory.buffer, workers),
  };
}

function compileKernels(build: KernelBuild, folder: URL): WebAssembly.Module {
  const bytes = readFileSync(new URL(`${build}.wasm`, folder));
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    throw new R3mesError({ code: "KERNEL_BUILD_UNSUPPORTED", build }, { cause });
  }
}

/** Shared memory that grows in place; pages that nobody touches cost nothing. */
export function reserveMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: PAGES_MAX, shared: true });
  } catch (cause) {
    throw new R3mesError(
      { code: "ENGINE_MEMORY_UNAVAILABLE", bytes: pages * PAGE_BYTES },
      { cause },
    );
  }
}

export function growMemory(memory: WebAssembly.Memory, bytes: number): void {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  const missing = pages - memory.buffer.byteLength / PAGE_BYTES;
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch (cause) {
    throw new R3mesError(
      { code: "ENGINE_MEMORY_UNAVAILABLE", bytes: pages * PAGE_BYTES },
      { cause },
    );
  }
}

/** Resolves when the worker is about to sleep on the control block; its end breaks the crew, whatever ended it. */
function startWorker(workerData: WorkerStart): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(serveMachine, { workerData });
    worker.once("exit", () => loseThread(workerData.memory.buffer));
    worker.once("message", () => {
      // An idle machine must not keep a process alive; `close` still ends the worker.
      worker.unref();
      resolve(worker);
    });
    worker.once("error", reject);
  });
}

/** Wakes the workers that sleep on the control block of a memory, and ends them. */
async function endWorkers(buffer: SharedArrayBuffer, workers: readonly Worker[]): Promise<void> {
  const words = new Int32Array(buffer, 0, 64);
  Atomics.store(words, CONTROL.closing, 1);
  Atomics.add(words, CONTROL.run, 1);
  Atomics.notify(words, CONTROL.run);
  await Promise.all(workers.map((worker) => worker.terminate()));
}
