/**
 * The part of WebGPU that the backend uses, as plain interfaces: the core compiles without a host's types,
 * and both Node's package and a browser's `navigator.gpu` fit them. The numbers are those of the standard.
 */

export const BUFFER_USAGE = {
  mapRead: 0x01,
  copySource: 0x04,
  copyTarget: 0x08,
  uniform: 0x40,
  storage: 0x80,
} as const;

export const MAP_READ = 0x01;

/** Largest number of workgroups in one dimension. */
export const GROUPS_MAX = 65_535;

export interface GpuBuffer {
  mapAsync(mode: number, offset?: number, size?: number): Promise<undefined>;
  getMappedRange(offset?: number, size?: number): ArrayBuffer;
  unmap(): undefined;
  destroy(): undefined;
}

export interface GpuComputePass {
  setPipeline(pipeline: object): undefined;
  setBindGroup(index: number, group: object, offsets: readonly number[]): undefined;
  dispatchWorkgroups(x: number, y: number, z: number): undefined;
  end(): undefined;
}

export interface GpuEncoder {
  beginComputePass(): GpuComputePass;
  copyBufferToBuffer(
    source: GpuBuffer,
    sourceOffset: number,
    target: GpuBuffer,
    targetOffset: number,
    size: number,
  ): undefined;
  finish(): object;
}

export interface GpuDevice {
  readonly queue: {
    writeBuffer(buffer: GpuBuffer, offset: number, data: Uint8Array<ArrayBuffer>): undefined;
    submit(commands: readonly object[]): undefined;
    onSubmittedWorkDone(): Promise<undefined>;
  };
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  onuncapturederror: ((event: { readonly error: { readonly message: string } }) => void) | null;
  createBuffer(descriptor: { readonly size: number; readonly usage: number }): GpuBuffer;
  createBindGroupLayout(descriptor: object): object;
  createPipelineLayout(descriptor: object): object;
  createBindGroup(descriptor: object): object;
  createShaderModule(descriptor: { readonly code: string }): object;
  createComputePipelineAsync(descriptor: object): Promise<object>;
  createCommandEncoder(): GpuEncoder;
  pushErrorScope(filter: string): undefined;
  popErrorScope(): Promise<{ readonly message: string } | null>;
  destroy(): undefined;
}

export interface GpuAdapter {
  readonly info: {
    readonly vendor: string;
    readonly architecture: string;
    readonly device: string;
    readonly description: string;
  };
  readonly limits: {
    readonly maxBufferSize: number;
    readonly maxStorageBufferBindingSize: number;
  };
  requestDevice(descriptor: object): Promise<GpuDevice>;
}

/** `navigator.gpu`. */
export interface Gpu {
  readonly wgslLanguageFeatures: { has(feature: string): boolean };
  requestAdapter(options: object): Promise<GpuAdapter | null>;
}
