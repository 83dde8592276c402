/** The engine's door to Node: hosts for the backends that need threads, files or devices. */

export { createReferee, readRefereeModule } from "./createReferee.ts";
export { hasNativeKernels } from "./nativeAddon.ts";
export { createNodeNativeHost } from "./nativeHost.ts";
export { nodeSha256 } from "./nodeSha256.ts";
export { createNodeWasmHost } from "./wasmHost.ts";
export { createNodeWebgpuHost } from "./webgpuHost.ts";
