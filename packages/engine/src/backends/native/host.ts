/** What the native backend asks of its host: kernels compiled for this machine, a memory, threads. */
import type { Machine } from "../wasm/host.ts";

/** Sets of instructions that kernels are compiled for. All compute the same bytes. */
export const INSTRUCTION_SETS = ["avx512vnni", "avx2", "neondot", "scalar"] as const;

export type InstructionSet = (typeof INSTRUCTION_SETS)[number];

/** A memory with kernels that take the commands of the WASM backend. */
export type NativeMachine = Machine;

export interface NativeHost {
  /** Threads this host can run at once, at least 1. */
  readonly threadsMax: number;
  /** The sets that this processor has, best first. Throws `NATIVE_KERNELS_ABSENT` where none are built. */
  instructionSets(): readonly InstructionSet[];
  /** A new memory of at least `bytes`. Throws `ENGINE_MEMORY_UNAVAILABLE`. */
  openMachine(set: InstructionSet, bytes: number): NativeMachine;
  /** Tells the operator something that changes speed, never results. */
  warn(message: string, facts: Readonly<Record<string, string | number>>): void;
}
