/** What `checkWasm.ts` uses of WebAssembly. Node has it, but its types come only with a browser's. */
declare global {
  namespace WebAssembly {
    function validate(bytes: Uint8Array<ArrayBuffer>): boolean;

    class Memory {
      constructor(descriptor: { initial: number; maximum: number; shared: boolean });
      readonly buffer: ArrayBuffer | SharedArrayBuffer;
    }
  }
}

export {};
