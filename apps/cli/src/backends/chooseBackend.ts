/** The backend that a command computes on. A slow fallback is told, never silent. */
import {
  type Backend,
  createNativeBackend,
  createWasmBackend,
  createWebgpuBackend,
  reference,
} from "@r3mes/engine";
import { createNodeNativeHost, createNodeWasmHost, createNodeWebgpuHost } from "@r3mes/engine/node";
import { readCountIfGiven } from "../readNumber.ts";

export type BackendOptions = {
  readonly backend: string;
  readonly threads?: string;
  /** Join neighbouring vector instructions: faster where the processor has AVX2, experimental in V8. */
  readonly revectorize?: boolean;
};

export const threadsMax = 64;

/** @param warn is told what changes speed */
export function chooseBackend(options: BackendOptions, warn: (text: string) => void): Backend {
  const threads = readCountIfGiven("--threads", options.threads, { min: 1, max: threadsMax });
  if (options.backend === "reference") return reference;
  if (options.backend === "webgpu") {
    return createWebgpuBackend(createNodeWebgpuHost({ warn: (text) => warn(text) }));
  }
  const counted = threads === undefined ? {} : { threads };
  if (options.backend === "native") {
    const host = createNodeNativeHost({ warn: (text, { set }) => warn(`${text}: ${set}`) });
    return createNativeBackend(host, counted);
  }
  const host = createNodeWasmHost({
    revectorize: options.revectorize === true,
    warn: (text) => warn(text),
  });
  return createWasmBackend(host, counted);
}
