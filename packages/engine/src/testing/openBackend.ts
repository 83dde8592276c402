/** The CPU backends that the benchmarks compare: a build of the WASM kernels, or a native set. */
import type { Backend } from "../backends/backend.ts";
import type { InstructionSet } from "../backends/native/host.ts";
import { createNativeBackend } from "../backends/native.ts";
import type { KernelBuild } from "../backends/wasm/host.ts";
import { createWasmBackend } from "../backends/wasm.ts";
import { createNodeNativeHost } from "../node/nativeHost.ts";
import { createNodeWasmHost } from "../node/wasmHost.ts";

export type BackendChoice = KernelBuild | "native" | InstructionSet;

export function openBackend(choice: BackendChoice, threads: number): Backend {
  if (choice === "base" || choice === "relaxed") {
    return createWasmBackend(createNodeWasmHost(), { build: choice, threads });
  }
  const options = choice === "native" ? { threads } : { threads, instructions: choice };
  return createNativeBackend(createNodeNativeHost(), options);
}
