/** The backend that a command computes on. A slow fallback is told, never silent. */
import { availableParallelism } from "node:os";
import {
  createWasmBackend,
  createWebgpuBackend,
  reference,
  type SharedBackend,
} from "@r3mes/engine";
import { createNodeWasmHost, createNodeWebgpuHost } from "@r3mes/engine/node";
import { openBackend } from "@r3mes/participant/device";
import { readCountIfGiven } from "../readNumber.ts";

export type BackendOptions = {
  /** One of the choices of `--backend`. */
  readonly backend: string;
  readonly threads?: string;
  /** Join neighbouring vector instructions: faster where the processor has AVX2, experimental in V8. */
  readonly revectorize?: boolean;
};

export const threadsMax = 64;

/** @param warn is told what changes speed */
export async function chooseBackend(
  { backend, revectorize = false, ...options }: BackendOptions,
  warn: (text: string) => void,
): Promise<SharedBackend> {
  const counted = readCountIfGiven("--threads", options.threads, { min: 1, max: threadsMax });
  if (backend === "reference") return reference;
  if (backend === "webgpu") return createWebgpuBackend(createNodeWebgpuHost({ warn }));
  const threads = counted ?? Math.min(availableParallelism(), threadsMax);
  // The flag is of WebAssembly alone.
  if (revectorize && backend !== "native") {
    return createWasmBackend(createNodeWasmHost({ revectorize, warn }), { threads });
  }
  const named = backend === "native" || backend === "wasm" ? backend : "auto";
  return openBackend({ backend: named, threads }, warn);
}
