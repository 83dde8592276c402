/**
 * A session that tells where the processor time of its runs goes: its commands are run one at a time, but for those that pass through
 * their rows together, which are run as they always are.
 */
import type { Session, WeightSource } from "../backends/backend.ts";
import { commandWords } from "../backends/wasm/commands.ts";
import { createSessions } from "../backends/wasm/createSessions.ts";
import type { Machine } from "../backends/wasm/host.ts";
import { KERNEL_NAMES } from "../backends/wasm/kernelNames.ts";
import { createNodeNativeHost } from "../node/nativeHost.ts";
import { createNodeWasmHost } from "../node/wasmHost.ts";
import type { Program } from "../program/program.ts";
import type { BackendChoice } from "./openBackend.ts";

export interface TimedSession {
  readonly session: Session;
  /** Seconds of each kernel, or of kernels that run together by all their names, since the session began; whoever asks may clear it. */
  readonly seconds: Map<string, number>;
  /** Bytes of the memory in which everything lies. */
  readonly bytes: () => number;
}

/** Which words of a command say how many arguments it has, and how many commands behind it join (backends/wasm/commands.ts). */
const ARGUMENTS_WORD = 4;
const JOINED_WORD = 5;

export async function prepareTimed(
  { build, threads }: { readonly build: BackendChoice; readonly threads: number },
  program: Program,
  weights: WeightSource,
): Promise<TimedSession> {
  const seconds = new Map<string, number>();
  let opened: Machine | undefined;
  const openMachine = (bytes: number): Machine => {
    opened = openPlain(build, bytes);
    return timed(opened, seconds);
  };
  const members = [{ program, state: "" }];
  const [session] = await createSessions({ openMachine, members, threads }, weights);
  return { session: session!, seconds, bytes: () => opened!.buffer().byteLength };
}

function openPlain(choice: BackendChoice, bytes: number): Machine {
  if (choice === "base" || choice === "relaxed")
    return createNodeWasmHost().openMachine(choice, bytes);
  const host = createNodeNativeHost();
  return host.openMachine(choice === "native" ? host.instructionSets()[0]! : choice, bytes);
}

function timed(machine: Machine, seconds: Map<string, number>): Machine {
  return {
    ...machine,
    async startCrew(options) {
      const run = await machine.startCrew(options);
      return async (start, length) => {
        const words = new Int32Array(machine.buffer());
        for (let at = start; at < start + length; ) {
          const names: string[] = [];
          const joined = words[at + JOINED_WORD]!;
          let end = at;
          while (names.length <= joined && end < start + length) {
            names.push(KERNEL_NAMES[words[end]!]!);
            end += commandWords(words[end + ARGUMENTS_WORD]!);
          }
          const name = names.join(" ");
          const before = process.cpuUsage();
          const trapped = await run(at, end - at);
          const { user, system } = process.cpuUsage(before);
          if (trapped >= 0) return trapped;
          seconds.set(name, (seconds.get(name) ?? 0) + (user + system) / 1e6);
          at = end;
        }
        return -1;
      };
    },
  };
}
