/** The backend that a script of this folder trains on. All give the same bytes; a GPU gives them sooner. */
import { availableParallelism } from "node:os";
import { type Backend, createWasmBackend, createWebgpuBackend } from "@r3mes/engine";
import { createNodeWasmHost, createNodeWebgpuHost } from "@r3mes/engine/node";

export function openBackend(name: string, threads: number): Backend {
  if (name === "webgpu") return createWebgpuBackend(createNodeWebgpuHost());
  if (name !== "wasm") throw new Error(`no backend is called ${name}`);
  const options = { threads: Math.min(threads, availableParallelism()) };
  return createWasmBackend(createNodeWasmHost({ revectorize: true }), options);
}
