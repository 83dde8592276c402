/** The names of the processor's backends, for whoever reads settings and computes nothing. */

/** `auto` is native where native kernels are compiled and exact on this machine, else WebAssembly. */
export const deviceBackends = ["auto", "native", "wasm"] as const;

export type DeviceBackend = (typeof deviceBackends)[number];
