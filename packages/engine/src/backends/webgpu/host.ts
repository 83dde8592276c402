/** What the WebGPU backend asks of its host: a device, and the text of the kernels. The core opens no file. */
import { R3mesError } from "@r3mes/protocol";
import type { Gpu, GpuAdapter, GpuDevice } from "./gpu.ts";

export interface OpenGpu {
  readonly device: GpuDevice;
  /** The adapter in words. */
  readonly adapter: string;
  /** Largest buffer that a kernel may see at once. */
  readonly bytesMax: number;
  /** True if WGSL here has the instruction for four int8 products. */
  readonly hasPackedDot: boolean;
}

export interface WebgpuHost {
  /** A new device on the fastest adapter. Throws `GPU_UNAVAILABLE`. */
  openGpu(): Promise<OpenGpu>;
  /** Text of kernels/webgpu/<name>.wgsl. */
  readSource(name: string): Promise<string>;
  /** Tells the operator something that changes speed, never results. */
  warn(message: string, facts: Readonly<Record<string, string | number>>): void;
}

/** Opens the fastest adapter of a WebGPU implementation with the largest buffers that it allows. */
export async function openGpu(gpu: Gpu): Promise<OpenGpu> {
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) throw new R3mesError({ code: "GPU_UNAVAILABLE", reason: "no adapter" });
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
  return {
    device,
    adapter: describe(adapter),
    bytesMax: Math.min(maxBufferSize, maxStorageBufferBindingSize),
    hasPackedDot: gpu.wgslLanguageFeatures.has("packed_4x8_integer_dot_product"),
  };
}

function describe({ info }: GpuAdapter): string {
  return info.description || info.device || `${info.vendor} ${info.architecture}`.trim();
}
