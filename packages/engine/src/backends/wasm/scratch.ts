/** How much scratch a thread needs: the offsets of kernels/wasm/scratch.ts and the widest left block. */
import type { Program } from "../../program/program.ts";

const LEFT_OFFSET = 192 << 10;
const LEFT_BYTES = 256 << 10;
const BLOCK_ROWS_MIN = 32;

/** Bytes of scratch of one thread: a block of at least 32 rows of the widest i16 left operand. */
export function scratchBytes(program: Program): number {
  let widest = 0;
  for (const operation of program.operations) {
    for (const id of operation.inputs) {
      if (id < 0) continue;
      const { dtype, rows, columns } = program.tensors[id]!;
      if (dtype === "i8") widest = Math.max(widest, columns);
      // A gradient product holds the rank vectors of a chunk of tokens, transposed.
      if (operation.kind === "factor.gradient" && dtype === "i16") {
        const steps = Math.min(rows, operation.params.chunk!);
        widest = Math.max(widest, Math.ceil((columns * (steps + 4)) / BLOCK_ROWS_MIN));
      }
    }
  }
  const left = Math.max(LEFT_BYTES, BLOCK_ROWS_MIN * 2 * (widest + 8));
  return Math.ceil((LEFT_OFFSET + left + 4096) / 65_536) * 65_536;
}
