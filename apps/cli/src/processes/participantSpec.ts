/** How a process that takes part is run: by Node, with its folder; ready when it says so; back again after a crash. */
import { healthPaths } from "@r3mes/service/command";
import type { ProcessSpec } from "../localnet/processSpec.ts";
import { leanHeap } from "./leanHeap.ts";
import type { OwnProcess } from "./processKind.ts";

const readyWithinMs = 300_000;
const answerWithinMs = 2_000;

export function participantSpec(
  main: string,
  { folder, ports }: OwnProcess,
): Omit<ProcessSpec, "name" | "ports"> {
  return {
    command: process.execPath,
    args: [...leanHeap, main, folder],
    env: participantEnv(process.env),
    // It waits for its node by itself, and is there by the first block: what it owes may be due then.
    after: [],
    isReady: (signal) => isReady(ports.http, signal),
    readyWithinMs,
    restarts: true,
  };
}

/**
 * What a participant's environment has besides: glibc gives buffers of more than 16 KiB back as soon as they are forgotten, those that V8
 * compiles in and the frames of an encrypted connection among them. By itself it learns from the first large ones to keep all that are
 * smaller, and a process stays as large as the most that it ever passed through. And all threads have one heap: in one of its own each
 * would keep what it once needed.
 */
export function participantEnv(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return {
    MALLOC_MMAP_THRESHOLD_: "16384",
    MALLOC_ARENA_MAX: "1",
    ...env,
    ...withoutSettings(env),
  };
}

/**
 * Settings of the front door are not those of its children, which read their own file. All else they inherit: also where compiled code is kept, so
 * that a process that was killed is back sooner.
 */
export function withoutSettings(env: NodeJS.ProcessEnv): Record<string, undefined> {
  const names = Object.keys(env).filter((name) => name.startsWith("R3MES_"));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

export async function isReady(
  port: number,
  signal: AbortSignal,
  path: string = healthPaths.ready,
): Promise<boolean> {
  const timeout = AbortSignal.timeout(answerWithinMs);
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    signal: AbortSignal.any([signal, timeout]),
  });
  return response.ok;
}
