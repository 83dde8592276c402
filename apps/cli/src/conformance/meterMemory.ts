/** Counts the memory that a host of WASM or native kernels hands out, which is all that its kernels use. */
import type { Machine } from "@r3mes/engine";

type KernelHost<Build, Opened extends Machine> = {
  openMachine(build: Build, bytes: number): Opened;
};

export type MeteredHost<Host> = { readonly host: Host; readonly bytesMax: () => number };

export function meterMemory<Build, Opened extends Machine, Host extends KernelHost<Build, Opened>>(
  inner: Host & KernelHost<Build, Opened>,
): MeteredHost<Host> {
  let max = 0;
  const openMachine = (build: Build, bytes: number): Opened => {
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
