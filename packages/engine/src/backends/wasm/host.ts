/**
 * What the WASM backend asks of its host: a memory, compiled kernels, threads. The core knows no
 * `WebAssembly`, `Worker` or file; an adapter (`@r3mes/engine/node`, a browser's own) brings them.
 */
import type { Kernel } from "./commands.ts";

/** Both builds compute the same bytes. "relaxed" is faster and may be wrong on an old machine. */
export type KernelBuild = "base" | "relaxed";

/** The exports of one instance, by name. */
export type Kernels = Readonly<Record<string, Kernel>>;

/** A memory with threads that run commands on it. */
export interface Machine {
  /** The whole shared memory as it is now; a view made before `grow` keeps seeing the old part. */
  buffer(): SharedArrayBuffer;
  /**
   * Starts, once, the threads that divide commands among them; resolves when all are ready. The caller of a run is one of them.
   * Scratch of thread i is at `scratch + i * scratchBytes`.
   */
  startCrew(options: CrewOptions): Promise<RunCommands>;
  /** Makes the memory at least `bytes` long. Throws `ENGINE_MEMORY_UNAVAILABLE`. */
  grow(bytes: number): void;
  /** Ends the threads. The memory is gone with the last reference to it. */
  close(): Promise<void>;
}

export interface WasmMachine extends Machine {
  /** Kernels instantiated on the calling thread. */
  readonly kernels: Kernels;
}

/**
 * Runs the commands in the `length` words from word `start` on, on all threads; kernels have the numbers of `KERNEL_NAMES`.
 * Returns the number of the kernel that trapped, or -1. Throws `ENGINE_THREAD_LOST`.
 */
export type RunCommands = (start: number, length: number) => number | Promise<number>;

export interface CrewOptions {
  readonly threads: number;
  readonly scratch: number;
  readonly scratchBytes: number;
}

export interface WasmHost {
  /** Threads this host can run at once, at least 1; 1 where memory cannot be shared. */
  readonly threadsMax: number;
  /** Whether kernels are compiled by an experiment of the engine's makers: once, and each of them is tested before any is trusted. */
  readonly isExperimental: boolean;
  /**
   * A new memory of `bytes` (rounded up to pages) with the kernels of one build.
   * Throws `KERNEL_BUILD_UNSUPPORTED` where the engine lacks an instruction of the build.
   */
  openMachine(build: KernelBuild, bytes: number): WasmMachine;
  /** Tells the operator something that changes speed, never results. */
  warn(message: string, facts: Readonly<Record<string, string | number>>): void;
}
