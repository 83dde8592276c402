/**
 * The native backend: the plan, the commands and the memory layout of the WASM backend, executed by
 * kernels compiled for this machine. It adds no trust: its bytes are checked as any backend's are.
 *
 * A run blocks the calling thread until it is done.
 */
import { R3mesError } from "@r3mes/protocol";
import { checkProgram } from "../program/checkProgram.ts";
import type { SharedBackend } from "./backend.ts";
import type { InstructionSet, NativeHost } from "./native/host.ts";
import { passesSelfTest } from "./native/selfTest.ts";
import { sharedBackend } from "./sharedBackend.ts";
import { createSessions } from "./wasm/createSessions.ts";
import { THREADS_MAX } from "./wasm.ts";

export interface NativeOptions {
  /** Threads of a session, 1 to 64; the host's maximum unless stated. Any number gives the same bytes. */
  readonly threads?: number;
  /** The set to use; by default the best of this processor that passes the self-test. */
  readonly instructions?: InstructionSet;
}

export interface NativeBackend extends SharedBackend {
  /** The set of instructions in use, after its self-test on this machine. */
  instructions(): Promise<InstructionSet>;
}

export function createNativeBackend(host: NativeHost, options: NativeOptions = {}): NativeBackend {
  const threads = Math.max(1, Math.min(options.threads ?? host.threadsMax, THREADS_MAX));
  let chosen: Promise<InstructionSet> | undefined;
  const instructions = () => {
    chosen ??= chooseInstructions(host, options.instructions);
    return chosen;
  };
  const backend = sharedBackend("native", async (members, weights) => {
    for (const { program } of members) checkProgram(program);
    return backendWith(host, await instructions(), threads).prepareAll(members, weights);
  });
  return { ...backend, instructions };
}

/** A set as it is, without its self-test. */
function backendWith(host: NativeHost, set: InstructionSet, threads: number): SharedBackend {
  const openMachine = (bytes: number) => host.openMachine(set, bytes);
  return sharedBackend(set, (members, weights) =>
    createSessions({ openMachine, members, threads }, weights),
  );
}

/** The first set that is right on this machine. A set that is not is told, and the next one tried. */
async function chooseInstructions(
  host: NativeHost,
  wanted: InstructionSet | undefined,
): Promise<InstructionSet> {
  const present = host.instructionSets();
  const candidates = present.filter((set) => wanted === undefined || set === wanted);
  for (const set of candidates) {
    if (await passesSelfTest(backendWith(host, set, 1))) return set;
    host.warn("a set of native kernels is not used on this machine", { set });
  }
  if (candidates.length === 0) {
    throw new R3mesError({ code: "KERNEL_BUILD_UNSUPPORTED", build: wanted ?? "native" });
  }
  throw new R3mesError({ code: "KERNEL_SELF_TEST_FAILED", build: candidates.join(", ") });
}
