/**
 * Floating-point elements of a checkpoint as numbers. Every value of the supported types is exact in a double, and the
 * arithmetic of an import is the same on every machine: IEEE 754 without contraction.
 */
import { R3mesError } from "@r3mes/protocol";
import type { TensorEntry } from "../safetensors/readSafetensorsHeader.ts";

/**
 * @param bytes elements of a tensor or of a part of it
 * @throws CHECKPOINT_VALUE_INVALID for NaN and infinities
 */
export function floatsOf(
  bytes: Uint8Array,
  tensor: Pick<TensorEntry, "name" | "type">,
  file: string,
): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [isWide, isBrain] = [tensor.type === "F32", tensor.type === "BF16"];
  const size = isWide ? 4 : 2;
  const values = new Float32Array(bytes.length / size);
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < values.length; i += 1) {
    if (isWide) bits[i] = view.getUint32(4 * i, true);
    else if (isBrain) bits[i] = view.getUint16(2 * i, true) << 16;
    else bits[i] = floatBitsOfHalf(view.getUint16(2 * i, true));
    if ((bits[i]! & 0x7f800000) === 0x7f800000) {
      throw new R3mesError({
        code: "CHECKPOINT_VALUE_INVALID",
        file,
        tensor: tensor.name,
        position: i,
        found: String(values[i]),
      });
    }
  }
  return values;
}

/** The bits of a float32 with the value of an IEEE half. */
function floatBitsOfHalf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // A subnormal half is a normal float: its leading one becomes the implied bit.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}
