/** The names of the backends, for whoever reads settings and computes nothing. */

/** `auto` is native where native kernels are compiled and exact on this machine, else WebAssembly; a GPU is asked for by name. */
export const deviceBackends = ["auto", "native", "wasm", "webgpu"] as const;

export type DeviceBackend = (typeof deviceBackends)[number];
