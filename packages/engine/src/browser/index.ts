/** The engine's door to browsers: hosts for its backends, and a replay off the page's thread. */

export { type Replay, type Replayer, type ReplayOutcome, startReplayer } from "./startReplayer.ts";
export {
  type BrowserKernels,
  type BrowserWasmOptions,
  createBrowserWasmHost,
  fetchKernels,
} from "./wasmHost.ts";
export { type BrowserWebgpuOptions, createBrowserWebgpuHost } from "./webgpuHost.ts";
