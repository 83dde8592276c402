/** The engine's door to Node: hosts for the backends that need threads, files or devices. */

export { createReferee, readRefereeModule } from "./createReferee.ts";
export { hasNativeKernels } from "./nativeAddon.ts";
export { createNodeNativeHost, type NodeNativeOptions } from "./nativeHost.ts";
export { nodeSha256 } from "./nodeSha256.ts";
export { createNodeWasmHost, type NodeWasmOptions } from "./wasmHost.ts";
export { createNodeWebgpuHost, type NodeWebgpuOptions } from "./webgpuHost.ts";
