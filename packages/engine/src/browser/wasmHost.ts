/**
 * Workers and WebAssembly of a browser for the WASM backend: web workers over one shared memory where
 * the page is cross-origin isolated, the calling thread alone where it is not. A run blocks its thread,
 * so the backend belongs in a worker; `startReplayer` keeps one. Holds no arithmetic.
 */
import { R3mesError } from "@r3mes/protocol";
import { runOnCrew } from "../backends/wasm/commands.ts";
import { executeExports } from "../backends/wasm/executeExports.ts";
import type {
  CrewOptions,
  KernelBuild,
  Kernels,
  WasmHost,
  WasmMachine,
} from "../backends/wasm/host.ts";

const PAGE_BYTES = 65_536;
/** What 32-bit addresses reach. */
const PAGES_MAX = 65_536;

/** Bytes of the committed .wasm files. */
export type BrowserKernels = Readonly<Record<KernelBuild, Uint8Array<ArrayBuffer>>>;

/** What a worker is started with; `serveMachine.ts` is the other side. */
export interface WorkerStart extends CrewOptions {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly thread: number;
}

export interface BrowserWasmOptions {
  readonly kernels: BrowserKernels;
  readonly warn?: WasmHost["warn"];
}

/** Fetches the kernels that lie beside this module, or at the given addresses. */
export async function fetchKernels(
  addresses: Readonly<Record<KernelBuild, string | URL>> = {
    base: new URL("../kernels/wasm/base.wasm", import.meta.url),
    relaxed: new URL("../kernels/wasm/relaxed.wasm", import.meta.url),
  },
): Promise<BrowserKernels> {
  const [base, relaxed] = await Promise.all([addresses.base, addresses.relaxed].map(fetchBytes));
  return { base: base!, relaxed: relaxed! };
}

async function fetchBytes(address: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(address);
  if (!response.ok) {
    const { status } = response;
    throw new R3mesError({ code: "KERNEL_FETCH_FAILED", address: String(address), status });
  }
  return new Uint8Array(await response.arrayBuffer());
}

export function createBrowserWasmHost({ kernels, warn }: BrowserWasmOptions): WasmHost {
  const modules = new Map<KernelBuild, WebAssembly.Module>();
  return {
    threadsMax: globalThis.crossOriginIsolated ? navigator.hardwareConcurrency : 1,
    isExperimental: false,
    warn: warn ?? (() => {}),
    openMachine(build, bytes) {
      const module = modules.get(build) ?? compileKernels(build, kernels[build]);
      modules.set(build, module);
      return openMachine(module, bytes);
    },
  };
}

function openMachine(module: WebAssembly.Module, bytes: number): WasmMachine {
  const memory = reserveMemory(Math.ceil(bytes / PAGE_BYTES));
  const buffer = (): SharedArrayBuffer => memory.buffer as ArrayBufferLike as SharedArrayBuffer;
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
  const workers: Worker[] = [];
  return {
    buffer,
    grow: (size) => growMemory(memory, Math.ceil(size / PAGE_BYTES)),
    kernels,
    async startCrew(start) {
      for (let thread = 1; thread < start.threads; thread++) {
        workers.push(await startWorker({ ...start, module, memory, thread }));
      }
      const { threads, scratch } = start;
      const crew = { buffer, execute: executeExports(kernels), thread: 0, threads, scratch };
      return (begin, length) => runOnCrew(crew, { start: begin, length });
    },
    async close() {
      for (const worker of workers) worker.terminate();
    },
  };
}

function compileKernels(build: KernelBuild, bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    throw new R3mesError({ code: "KERNEL_BUILD_UNSUPPORTED", build }, { cause });
  }
}

/** Shared also for one thread: the kernels import a shared memory, and only sending it needs isolation. */
function reserveMemory(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: PAGES_MAX, shared: true });
  } catch (cause) {
    throw memoryUnavailable(pages, cause);
  }
}

function growMemory(memory: WebAssembly.Memory, pages: number): void {
  const missing = pages - memory.buffer.byteLength / PAGE_BYTES;
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch (cause) {
    throw memoryUnavailable(pages, cause);
  }
}

function memoryUnavailable(pages: number, cause: unknown): R3mesError {
  return new R3mesError(
    { code: "ENGINE_MEMORY_UNAVAILABLE", bytes: pages * PAGE_BYTES },
    { cause },
  );
}

/** Resolves when the worker is about to sleep on the control block. */
function startWorker(start: WorkerStart): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./serveMachine.ts", import.meta.url), { type: "module" });
    worker.onmessage = () => resolve(worker);
    worker.onerror = ({ message }) =>
      reject(new R3mesError({ code: "ENGINE_WORKER_FAILED", reason: message }));
    worker.postMessage(start);
  });
}
