/** Turns the change of the trained factors into an update. Source: spec/update.md, Compression. */
import { selectLargest } from "./selectLargest.ts";
import {
  keptMax,
  type TensorUpdate,
  type Update,
  type UpdateLayout,
  updateScaleMax,
} from "./updateLayout.ts";

/** `before` and `after` hold the factor tensors (i32, Q24) in the layout's order. */
export function compress(
  layout: UpdateLayout,
  before: readonly Int32Array[],
  after: readonly Int32Array[],
): Update {
  return layout.elements.map((elements, tensor) =>
    compressTensor(before[tensor]!, after[tensor]!, keptMax(elements, layout.keptPerMille)),
  );
}

function compressTensor(before: Int32Array, after: Int32Array, count: number): TensorUpdate {
  // The difference of two i32 needs 33 bits and a number holds 53: exact, and its magnitude fits u32.
  const magnitudes = new Uint32Array(before.length);
  for (let i = 0; i < before.length; i += 1) magnitudes[i] = Math.abs(before[i]! - after[i]!);
  const indices = selectLargest(magnitudes, count);
  const negative = new Uint8Array(indices.length);
  let sum = 0;
  for (let entry = 0; entry < indices.length; entry += 1) {
    const i = indices[entry]!;
    negative[entry] = before[i]! < after[i]! ? 1 : 0;
    sum += magnitudes[i]!;
  }
  const mean = indices.length === 0 ? 0 : Math.floor(sum / indices.length);
  return { scale: Math.min(updateScaleMax, mean), indices, negative };
}
