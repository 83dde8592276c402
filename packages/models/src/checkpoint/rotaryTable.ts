/** The rotary table of a model: the one place where angles are computed. */
import type { BitnetShape } from "../bitnet/bitnetShape.ts";

const ANGLE_ONE = 16384;

/**
 * The rotary table, i16 Q14 [context, headSize]: cosines of the position's angles in the first half of a row, sines in the
 * second. It is computed once, where a model is imported, and shipped by hash: no machine that trains computes an angle.
 *
 * Source: Su et al. 2021, rotate-half form as in `transformers`.
 */
export function rotaryTable(
  shape: Pick<BitnetShape, "context" | "headSize">,
  base: number,
): Uint8Array {
  const half = shape.headSize / 2;
  const bytes = new Uint8Array(2 * shape.context * shape.headSize);
  const view = new DataView(bytes.buffer);
  for (let position = 0; position < shape.context; position += 1) {
    for (let i = 0; i < half; i += 1) {
      const angle = position * base ** (-i / half);
      const row = 2 * position * shape.headSize;
      view.setInt16(row + 2 * i, Math.round(ANGLE_ONE * Math.cos(angle)), true);
      view.setInt16(row + 2 * (half + i), Math.round(ANGLE_ONE * Math.sin(angle)), true);
    }
  }
  return bytes;
}
