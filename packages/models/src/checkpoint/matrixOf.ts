/** One ternary matrix of a checkpoint in the engine's storage form, with its scale. */
import { R3mesError } from "@r3mes/protocol";
import { type LinearName, linearSize } from "../bitnet/bitnetShape.ts";
import { linearTensor, shapeOf } from "./expectedTensors.ts";
import { floatsOf } from "./floatsOf.ts";
import type { Checkpoint, StoredTensor } from "./openCheckpoint.ts";
import { BLOCK, packRowsP16 } from "./packP16.ts";
import { type Scale, scaleOf } from "./scaleOf.ts";
import { type CodeRow, masterCodes, meanMagnitude, packedCodes } from "./ternaryRows.ts";

export interface TernaryMatrix {
  /** P16 storage of [rows, columns]. */
  readonly storage: Uint8Array;
  readonly scale: Scale;
}

/** @throws CHECKPOINT_VALUE_INVALID */
export async function matrixOf(
  checkpoint: Checkpoint,
  layer: number,
  linear: LinearName,
): Promise<TernaryMatrix> {
  const { config } = checkpoint;
  const shape = linearSize(shapeOf(config), linear);
  const name = linearTensor(layer, linear);
  const tensor = stored(checkpoint, name);
  const bytes = await tensor.source.read(tensor.offset, tensor.bytes);
  const place = { file: tensor.source.name, tensor: name };
  if (config.form === "master") {
    const weights = floatsOf(bytes, tensor, place.file);
    const mean = meanMagnitude(weights);
    const codes = masterCodes(weights, shape.columns, mean);
    return { storage: packed(codes, shape), scale: scaleOf(mean) };
  }
  const scale = await scalarOf(checkpoint, `${name}_scale`);
  const codes = packedCodes(bytes, shape, place);
  return {
    storage: packed(codes, shape),
    scale: scaleOf(config.form === "divides" ? 1 / scale : scale),
  };
}

export function stored(checkpoint: Checkpoint, name: string): StoredTensor {
  const tensor = checkpoint.tensors.get(name);
  if (tensor === undefined) {
    throw new R3mesError({ code: "CHECKPOINT_TENSOR_MISSING", tensor: name });
  }
  return tensor;
}

/** A whole tensor of floats. */
export async function readFloats(checkpoint: Checkpoint, name: string): Promise<Float32Array> {
  const tensor = stored(checkpoint, name);
  const bytes = await tensor.source.read(tensor.offset, tensor.bytes);
  return floatsOf(bytes, tensor, tensor.source.name);
}

async function scalarOf(checkpoint: Checkpoint, name: string): Promise<number> {
  const [value] = await readFloats(checkpoint, name);
  if (value === undefined || value <= 0) {
    const file = stored(checkpoint, name).source.name;
    throw new R3mesError({ code: "CHECKPOINT_VALUE_INVALID", file, tensor: name, found: value });
  }
  return value;
}

function packed(
  codeRow: CodeRow,
  shape: { readonly rows: number; readonly columns: number },
): Uint8Array {
  const { rows, columns } = shape;
  const storage = new Uint8Array((rows * columns) / 4);
  const codes = new Uint8Array(BLOCK * columns);
  for (let row = 0; row < rows; row += BLOCK) {
    for (let i = 0; i < BLOCK; i += 1) {
      codeRow(row + i, codes.subarray(i * columns, (i + 1) * columns));
    }
    storage.set(packRowsP16(codes, columns), (row * columns) / 4);
  }
  return storage;
}
