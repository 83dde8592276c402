/**
 * The WASM backend: a program as commands for SIMD kernels over one shared memory, on 1 to n threads,
 * with the bytes of the reference. Memory is planned when a program is prepared; a run allocates none.
 *
 * A run blocks the calling thread until it is done, so a browser calls it from a worker.
 */
import { checkProgram } from "../program/checkProgram.ts";
import type { SharedBackend } from "./backend.ts";
import { sharedBackend } from "./sharedBackend.ts";
import { chooseBuild } from "./wasm/chooseBuild.ts";
import { createSessions } from "./wasm/createSessions.ts";
import type { KernelBuild, WasmHost } from "./wasm/host.ts";

export interface WasmOptions {
  /** Threads of a session, 1 to 64; the host's maximum unless stated. Any number gives the same bytes. */
  readonly threads?: number;
  /** The build to run; by default "relaxed" where it passes the self-test, else "base". */
  readonly build?: KernelBuild;
}

export const THREADS_MAX = 64;

export function createWasmBackend(host: WasmHost, options: WasmOptions = {}): SharedBackend {
  const threads = Math.max(1, Math.min(options.threads ?? host.threadsMax, THREADS_MAX));
  let chosen: Promise<KernelBuild> | undefined;
  return sharedBackend("wasm", async (members, weights) => {
    for (const { program } of members) checkProgram(program);
    chosen ??= chooseBuild(host, {
      wanted: options.build,
      backendWith: (build) => backendWith(host, build, 1),
    });
    return backendWith(host, await chosen, threads).prepareAll(members, weights);
  });
}

/** A build as it is, without its self-test. */
export function backendWith(host: WasmHost, build: KernelBuild, threads: number): SharedBackend {
  const openMachine = (bytes: number) => host.openMachine(build, bytes);
  return sharedBackend(build, (members, weights) =>
    createSessions({ openMachine, members, threads }, weights),
  );
}
