/** The part of WebAssembly that the Node adapter uses; neither ES2023 nor Node's types declare it. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared: boolean });
    readonly buffer: SharedArrayBuffer;
    grow(pages: number): number;
  }
  class Instance {
    constructor(module: Module, imports: { env?: { memory: Memory } });
    readonly exports: Readonly<Record<string, unknown>>;
  }
  class CompileError extends Error {}
}
