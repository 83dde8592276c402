/** The backend that a command computes on. A slow fallback is told, never silent. */
import { type Backend, createWasmBackend, reference } from "@r3mes/engine";
import { createNodeWasmHost } from "@r3mes/engine/node";
import { readCountIfGiven } from "../readNumber.ts";

export type BackendOptions = { readonly backend: string; readonly threads?: string };

export const threadsMax = 64;

/** @param warn is told what changes speed */
export function chooseBackend(options: BackendOptions, warn: (text: string) => void): Backend {
  const threads = readCountIfGiven("--threads", options.threads, { min: 1, max: threadsMax });
  if (options.backend === "reference") return reference;
  const host = createNodeWasmHost({ warn: (text) => warn(text) });
  return createWasmBackend(host, threads === undefined ? {} : { threads });
}
