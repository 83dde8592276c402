/**
 * A GPU as the backend uses it: buffers, compiled kernels, submissions, and one place that knows whether the
 * device is still there. It knows nothing about programs.
 */
import { R3mesError } from "@r3mes/protocol";
import { composeSource } from "./composeSource.ts";
import { BUFFER_USAGE, type GpuBuffer, type GpuDevice, type GpuEncoder, MAP_READ } from "./gpu.ts";
import type { OpenGpu, WebgpuHost } from "./host.ts";
import type { Kernel } from "./kernels.ts";
import type { Dispatch } from "./lowerOperations.ts";

/** A kernel record and the distance between two of them; offsets are multiples of 256. */
export const RECORD_BYTES = 512;

export interface GpuProgram {
  readonly dispatches: readonly CompiledDispatch[];
  readonly arena: GpuBuffer;
  readonly group: object;
  /** Gives back what is its own; the arena is not. */
  destroy(): void;
}

export interface CompiledDispatch {
  readonly pipeline: object;
  readonly offset: number;
  readonly groups: Dispatch["groups"];
}

export interface GpuMachine {
  readonly bytesMax: number;
  /** Bytes of all buffers at the moment when they were most. */
  readonly bytesHeldMax: () => number;
  readonly isLost: () => boolean;
  /** Reserves memory for programs and what they compute with. */
  createArena(bytes: number): Promise<GpuBuffer>;
  /** Compiles what the dispatches of a program in an arena need. */
  load(arena: GpuBuffer, dispatches: readonly Dispatch[]): Promise<GpuProgram>;
  /** A buffer that the host can read. */
  createStaging(bytes: number): Promise<GpuBuffer>;
  /** Gives a buffer back. */
  release(buffer: GpuBuffer): void;
  write(buffer: GpuBuffer, at: number, bytes: Uint8Array): void;
  /** Records commands and hands them to the device. Throws GPU_LOST, GPU_REFUSED. */
  submit(encode: (encoder: GpuEncoder) => void): void;
  /** Waits for all that was submitted, then gives `bytes` of a staging buffer to `use`. */
  receive(staging: GpuBuffer, bytes: number, use: (bytes: Uint8Array) => void): Promise<void>;
  close(): void;
}

export function createMachine(host: WebgpuHost, gpu: OpenGpu, isPacked: boolean): GpuMachine {
  const { device } = gpu;
  const watch = watchDevice(device);
  const layout = createLayout(device);
  const pipelineOf = createCompiler({ host, device, layout, isPacked, watch });
  const { reserve, release, bytesHeldMax } = createBuffers(device, watch);
  const { storage, copySource, copyTarget, uniform, mapRead } = BUFFER_USAGE;
  return {
    bytesMax: gpu.bytesMax,
    bytesHeldMax,
    isLost: () => watch.failure() !== undefined,
    createArena: (bytes) => reserve(bytes, storage | copySource | copyTarget),
    async load(arena, dispatches) {
      const compiled = await Promise.all(dispatches.map(({ kernel }) => pipelineOf(kernel)));
      const records = await reserve(dispatches.length * RECORD_BYTES, uniform | copyTarget);
      dispatches.forEach(({ record }, i) => {
        device.queue.writeBuffer(records, i * RECORD_BYTES, new Uint8Array(record.buffer));
      });
      return {
        arena,
        group: bindGroup(device, layout, arena, records),
        dispatches: dispatches.map(({ groups }, i) => {
          return { groups, pipeline: compiled[i]!, offset: i * RECORD_BYTES };
        }),
        destroy: () => release(records),
      };
    },
    createStaging: (bytes) => reserve(bytes, mapRead | copyTarget),
    release,
    write(buffer, at, bytes) {
      watch.requireDevice();
      device.queue.writeBuffer(buffer, at, wholeWords(bytes));
    },
    submit(encode) {
      watch.requireDevice();
      const encoder = device.createCommandEncoder();
      encode(encoder);
      device.queue.submit([encoder.finish()]);
    },
    async receive(staging, bytes, use) {
      await staging.mapAsync(MAP_READ, 0, bytes).catch(watch.explain);
      watch.requireDevice();
      use(new Uint8Array(staging.getMappedRange(0, bytes)));
      staging.unmap();
    },
    close: () => void device.destroy(),
  };
}

/** What has happened to a device. */
interface DeviceWatch {
  failure(): R3mesError | undefined;
  /** Throws GPU_LOST or GPU_REFUSED once the device is of no use. */
  requireDevice(): void;
  /** Throws what a rejected promise of the device means; a lost device may say so a moment later. */
  explain(cause: unknown): Promise<never>;
}

function watchDevice(device: GpuDevice): DeviceWatch {
  let failure: R3mesError | undefined;
  const lost = device.lost.then(({ reason, message }) => {
    failure = new R3mesError({ code: "GPU_LOST", reason: message || reason });
  });
  device.onuncapturederror = ({ error }) => {
    failure ??= new R3mesError({ code: "GPU_REFUSED", reason: error.message });
  };
  const requireDevice = (): void => {
    if (failure !== undefined) throw failure;
  };
  return {
    failure: () => failure,
    requireDevice,
    async explain(cause) {
      await Promise.race([lost, device.queue.onSubmittedWorkDone().catch(() => {})]);
      requireDevice();
      throw new R3mesError({ code: "GPU_LOST", reason: String(cause) }, { cause });
    },
  };
}

/** The two bindings of memory.wgsl: the arena, and the record of the operation at an offset of its own. */
interface Layout {
  readonly bindings: object;
  readonly pipeline: object;
}

const COMPUTE_STAGE = 4;

function createLayout(device: GpuDevice): Layout {
  const bindings = device.createBindGroupLayout({
    entries: [
      { binding: 0, visibility: COMPUTE_STAGE, buffer: { type: "storage" } },
      {
        binding: 1,
        visibility: COMPUTE_STAGE,
        buffer: { type: "uniform", hasDynamicOffset: true },
      },
    ],
  });
  return { bindings, pipeline: device.createPipelineLayout({ bindGroupLayouts: [bindings] }) };
}

function bindGroup(
  device: GpuDevice,
  { bindings }: Layout,
  arena: GpuBuffer,
  records: GpuBuffer,
): object {
  return device.createBindGroup({
    layout: bindings,
    entries: [
      { binding: 0, resource: { buffer: arena } },
      { binding: 1, resource: { buffer: records, size: RECORD_BYTES } },
    ],
  });
}

interface CompilerOptions {
  readonly host: WebgpuHost;
  readonly device: GpuDevice;
  readonly layout: Layout;
  readonly isPacked: boolean;
  readonly watch: DeviceWatch;
}

/** Compiles each kernel once for the life of the device. */
function createCompiler(options: CompilerOptions): (kernel: Kernel) => Promise<object> {
  const { host, device, layout, isPacked, watch } = options;
  const pipelines = new Map<Kernel, Promise<object>>();

  async function compile(kernel: Kernel): Promise<object> {
    const code = await composeSource(kernel, isPacked, host.readSource);
    watch.requireDevice();
    const module = device.createShaderModule({ code });
    const compute = { module, entryPoint: "run" };
    try {
      return await device.createComputePipelineAsync({ layout: layout.pipeline, compute });
    } catch (cause) {
      watch.requireDevice();
      throw new R3mesError({ code: "GPU_REFUSED", reason: String(cause) }, { cause });
    }
  }

  return (kernel) => {
    const known = pipelines.get(kernel) ?? compile(kernel);
    pipelines.set(kernel, known);
    return known;
  };
}

/** Buffers of a device, counted. */
function createBuffers(device: GpuDevice, watch: DeviceWatch) {
  const sizes = new Map<GpuBuffer, number>();
  let held = 0;
  let heldMax = 0;

  async function reserve(size: number, usage: number): Promise<GpuBuffer> {
    watch.requireDevice();
    device.pushErrorScope("out-of-memory");
    const buffer = device.createBuffer({ size, usage });
    const error = await device.popErrorScope();
    watch.requireDevice();
    if (error !== null) throw new R3mesError({ code: "ENGINE_MEMORY_UNAVAILABLE", bytes: size });
    sizes.set(buffer, size);
    held += size;
    heldMax = Math.max(heldMax, held);
    return buffer;
  }

  function release(buffer: GpuBuffer): void {
    held -= sizes.get(buffer) ?? 0;
    sizes.delete(buffer);
    buffer.destroy();
  }

  return { reserve, release, bytesHeldMax: () => heldMax };
}

/** Encodes dispatches from..to of a program in one pass; the device orders what depends on each other. */
export function encodeDispatches(
  encoder: GpuEncoder,
  { dispatches, group }: GpuProgram,
  from: number,
  to: number,
): void {
  const pass = encoder.beginComputePass();
  for (let i = from; i < to; i++) {
    const { pipeline, offset, groups } = dispatches[i]!;
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group, [offset]);
    pass.dispatchWorkgroups(...groups);
  }
  pass.end();
}

/** The device takes whole words; the plan leaves room behind every tensor. */
function wholeWords(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes.length % 4 === 0) return bytes as Uint8Array<ArrayBuffer>;
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  padded.set(bytes);
  return padded;
}
