/** Counts the memory that a WASM host hands out, which is all that its kernels use. */
import type { WasmHost } from "@r3mes/engine";

export type MeteredHost = { readonly host: WasmHost; readonly bytesMax: () => number };

export function meterMemory(inner: WasmHost): MeteredHost {
  let max = 0;
  const openMachine: WasmHost["openMachine"] = (build, bytes) => {
    const machine = inner.openMachine(build, bytes);
    const note = (): void => {
      max = Math.max(max, machine.buffer().byteLength);
    };
    note();
    return {
      ...machine,
      grow(size) {
        machine.grow(size);
        note();
      },
    };
  };
  return { host: { ...inner, openMachine }, bytesMax: () => max };
}
