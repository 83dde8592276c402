/**
 * A GPU as the backend uses it: buffers, compiled kernels, submissions, and one place that knows whether the
 * device is still there. It knows nothing about programs.
 */
import { R3mesError } from "@r3mes/protocol";
import { composeSource } from "./composeSource.ts";
import { BUFFER_USAGE, type GpuBuffer, type GpuEncoder, MAP_READ } from "./gpu.ts";
import type { OpenGpu, WebgpuHost } from "./host.ts";
import type { Kernel } from "./kernels.ts";
import type { Dispatch } from "./lowerOperations.ts";

/** A kernel record and the distance between two of them; offsets are multiples of 256. */
export const RECORD_BYTES = 512;

export interface GpuProgram {
  readonly dispatches: readonly CompiledDispatch[];
  readonly arena: GpuBuffer;
  readonly group: object;
  destroy(): void;
}

export interface CompiledDispatch {
  readonly pipeline: object;
  readonly offset: number;
  readonly groups: Dispatch["groups"];
}

export interface GpuMachine {
  readonly bytesMax: number;
  readonly isPacked: boolean;
  readonly isLost: () => boolean;
  /** Reserves an arena and compiles what the dispatches need. */
  load(arenaBytes: number, dispatches: readonly Dispatch[]): Promise<GpuProgram>;
  /** A buffer that the host can read. */
  createStaging(bytes: number): Promise<GpuBuffer>;
  write(buffer: GpuBuffer, at: number, bytes: Uint8Array): void;
  /** Records commands and hands them to the device. Throws GPU_LOST, GPU_REFUSED. */
  submit(encode: (encoder: GpuEncoder) => void): void;
  /** Waits for all that was submitted, then gives `bytes` of a staging buffer to `use`. */
  receive(staging: GpuBuffer, bytes: number, use: (bytes: Uint8Array) => void): Promise<void>;
  close(): void;
}

export function createMachine(host: WebgpuHost, gpu: OpenGpu, isPacked: boolean): GpuMachine {
  const { device } = gpu;
  const pipelines = new Map<Kernel, Promise<object>>();
  const layout = device.createBindGroupLayout({
    entries: [
      { binding: 0, visibility: 4, buffer: { type: "storage" } },
      { binding: 1, visibility: 4, buffer: { type: "uniform", hasDynamicOffset: true } },
    ],
  });
  const pipelineLayout = device.createPipelineLayout({ bindGroupLayouts: [layout] });
  let failure: R3mesError | undefined;
  void device.lost.then(({ reason, message }) => {
    failure = new R3mesError({ code: "GPU_LOST", reason: message || reason });
  });
  device.onuncapturederror = ({ error }) => {
    failure ??= new R3mesError({ code: "GPU_REFUSED", reason: error.message });
  };

  function requireDevice(): void {
    if (failure !== undefined) throw failure;
  }

  /** What a rejected promise of the device means; a lost device says so a moment later. */
  async function explain(cause: unknown): Promise<never> {
    if (failure === undefined)
      await Promise.race([device.lost, device.popErrorScope()]).catch(() => {});
    requireDevice();
    throw new R3mesError({ code: "GPU_LOST", reason: String(cause) }, { cause });
  }

  async function reserve(size: number, usage: number): Promise<GpuBuffer> {
    requireDevice();
    device.pushErrorScope("out-of-memory");
    const buffer = device.createBuffer({ size, usage });
    const error = await device.popErrorScope();
    requireDevice();
    if (error === null) return buffer;
    throw new R3mesError({ code: "ENGINE_MEMORY_UNAVAILABLE", bytes: size });
  }

  async function compile(kernel: Kernel): Promise<object> {
    const code = await composeSource(kernel, isPacked, host.readSource);
    const module = device.createShaderModule({ code });
    try {
      return await device.createComputePipelineAsync({
        layout: pipelineLayout,
        compute: { module, entryPoint: "run" },
      });
    } catch (cause) {
      requireDevice();
      throw new R3mesError({ code: "GPU_REFUSED", reason: String(cause) }, { cause });
    }
  }

  function pipelineOf(kernel: Kernel): Promise<object> {
    const known = pipelines.get(kernel) ?? compile(kernel);
    pipelines.set(kernel, known);
    return known;
  }

  return {
    bytesMax: gpu.bytesMax,
    isPacked,
    isLost: () => failure !== undefined,
    async load(arenaBytes, dispatches) {
      const { storage, copySource, copyTarget, uniform } = BUFFER_USAGE;
      const compiled = await Promise.all(dispatches.map(({ kernel }) => pipelineOf(kernel)));
      const arena = await reserve(arenaBytes, storage | copySource | copyTarget);
      const records = await reserve(dispatches.length * RECORD_BYTES, uniform | copyTarget);
      dispatches.forEach(({ record }, i) => {
        device.queue.writeBuffer(records, i * RECORD_BYTES, new Uint8Array(record.buffer));
      });
      const group = device.createBindGroup({
        layout,
        entries: [
          { binding: 0, resource: { buffer: arena } },
          { binding: 1, resource: { buffer: records, size: RECORD_BYTES } },
        ],
      });
      return {
        arena,
        group,
        dispatches: dispatches.map(({ groups }, i) => {
          return { groups, pipeline: compiled[i]!, offset: i * RECORD_BYTES };
        }),
        destroy() {
          arena.destroy();
          records.destroy();
        },
      };
    },
    createStaging: (bytes) => reserve(bytes, BUFFER_USAGE.mapRead | BUFFER_USAGE.copyTarget),
    write(buffer, at, bytes) {
      requireDevice();
      device.queue.writeBuffer(buffer, at, wholeWords(bytes));
    },
    submit(encode) {
      requireDevice();
      const encoder = device.createCommandEncoder();
      encode(encoder);
      device.queue.submit([encoder.finish()]);
    },
    async receive(staging, bytes, use) {
      await staging.mapAsync(MAP_READ, 0, bytes).catch(explain);
      requireDevice();
      use(new Uint8Array(staging.getMappedRange(0, bytes)));
      staging.unmap();
    },
    close: () => void device.destroy(),
  };
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
