/// <reference path="./webAssembly.d.ts" />
/**
 * The native kernels in Node: an addon that the bootstrap compiles, with threads of its own over one
 * memory. Holds no arithmetic. The memory is WebAssembly's, because that one grows in place.
 */
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { R3mesError } from "@r3mes/protocol";
import {
  INSTRUCTION_SETS,
  type InstructionSet,
  type NativeHost,
  type NativeMachine,
} from "../backends/native/host.ts";
import { builtAddon, loadAddon, type NativeCrew } from "./nativeAddon.ts";
import { growMemory, reserveMemory } from "./wasmHost.ts";

export interface NodeNativeOptions {
  readonly warn?: NativeHost["warn"];
  /** The addon; the one that the bootstrap compiles unless stated. */
  readonly addon?: URL;
}

export function createNodeNativeHost(options: NodeNativeOptions = {}): NativeHost {
  const path = fileURLToPath(options.addon ?? builtAddon);
  return {
    threadsMax: availableParallelism(),
    warn: options.warn ?? (() => {}),
    instructionSets() {
      const { sets } = loadAddon(path);
      return sets.filter((set) =>
        INSTRUCTION_SETS.includes(set as InstructionSet),
      ) as InstructionSet[];
    },
    openMachine: (set, bytes) => openMachine(path, set, bytes),
  };
}

function openMachine(path: string, set: InstructionSet, bytes: number): NativeMachine {
  const { sets, openCrew, runOnCrew, closeCrew, wantLargePages } = loadAddon(path);
  const number = sets.indexOf(set);
  const memory = reserveMemory(bytes);
  wantLargePages(new Int32Array(memory.buffer));
  let crew: NativeCrew | null = null;
  return {
    buffer: () => memory.buffer,
    grow(size) {
      growMemory(memory, size);
      wantLargePages(new Int32Array(memory.buffer));
    },
    async startCrew({ threads, scratch, scratchBytes }) {
      const opened = openCrew(threads);
      if (opened === null) throw new R3mesError({ code: "ENGINE_THREADS_UNAVAILABLE", threads });
      crew = opened;
      return (start, length) => {
        const words = new Int32Array(memory.buffer);
        return runOnCrew(opened, words, number, start, start + length, scratch, scratchBytes);
      };
    },
    async close() {
      if (crew !== null) closeCrew(crew);
    },
  };
}
