/** Counts the memory that a host of WASM or native kernels hands out, which is all that its kernels use. */
import type { WasmMachine } from "@r3mes/engine";

type KernelHost<Build> = { openMachine(build: Build, bytes: number): WasmMachine };

export type MeteredHost<Host> = { readonly host: Host; readonly bytesMax: () => number };

export function meterMemory<Build, Host extends KernelHost<Build>>(
  inner: Host & KernelHost<Build>,
): MeteredHost<Host> {
  let max = 0;
  const openMachine = (build: Build, bytes: number): WasmMachine => {
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
