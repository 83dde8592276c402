/** The engine's door to browsers: hosts for the backends that need workers, and a replay off the page's thread. */

export { type Replay, type Replayer, type ReplayOutcome, startReplayer } from "./startReplayer.ts";
export {
  type BrowserKernels,
  type BrowserWasmOptions,
  createBrowserWasmHost,
  fetchKernels,
} from "./wasmHost.ts";
