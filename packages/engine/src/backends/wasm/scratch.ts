/** How much scratch a thread needs: the offsets of kernels/wasm/scratch.ts and the widest blocks. */
import type { Operation, Program } from "../../program/program.ts";

const LEFT_OFFSET = 192 << 10;
const LEFT_BYTES = 256 << 10;
const BLOCK_ROWS_MIN = 32;

/** Bytes of scratch of one thread, a multiple of 64 KiB. */
export function scratchBytes(program: Program): number {
  let left = LEFT_BYTES;
  for (const operation of program.operations) left = Math.max(left, leftBytes(program, operation));
  return Math.ceil((LEFT_OFFSET + left + 4096) / 65_536) * 65_536;
}

/** What an operation keeps behind the fixed parts of scratch. */
function leftBytes(program: Program, { kind, inputs, params }: Operation): number {
  const tensors = inputs.filter((id) => id >= 0).map((id) => program.tensors[id]!);
  const widest = Math.max(0, ...tensors.map((tensor) => tensor.columns));
  if (kind === "factor.gradient") {
    // The rank vectors of a chunk of tokens, transposed.
    const { rows, columns } = tensors[0]!;
    return 2 * columns * (Math.min(rows, params.chunk!) + 4);
  }
  if (kind.startsWith("attention.")) {
    // A block of 32 rows of scores, their gradients and weights, or of 32 keys of a group.
    const stride = Math.ceil((params.keys ?? params.length ?? 1) / 32) * 32;
    const group = params.group ?? 1;
    return 368 * stride + 640 * widest + 8 * group * stride + 8192;
  }
  if (kind === "decode.attention") {
    // One row of scores, powers, weights and exponents over the cache and the new rows.
    return 16 * (params.capacity! + params.length! + 8) + 16 * widest + 8192;
  }
  return 2 * BLOCK_ROWS_MIN * (widest + 8);
}
