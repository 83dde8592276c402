/**
 * The first adapter of a pool, from its seed: A uniform in +-1 / sqrt(inputs), B and the optimizer's state zero
 * (spec/arithmetic.md section 12). The adapter's output is then zero, and everybody begins at the same bytes.
 */
import { type Program, packBlock, SITE } from "@r3mes/engine";
import { type NoiseSeed, noise } from "@r3mes/protocol";

/** round(2^17 / sqrt(n)), exact. */
function scaleOf(n: number): bigint {
  const square = 2n ** 156n / BigInt(n);
  let root = 1n << 78n;
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) break;
    root = next;
  }
  return (root + 2n ** 60n) >> 61n;
}

/** Storage bytes of every state tensor, by name, in program order. */
export function initialFactors(program: Program, seed: NoiseSeed): ReadonlyMap<string, Uint8Array> {
  const states = program.tensors.filter((tensor) => tensor.role === "state");
  return new Map(
    states.map((tensor, position) => {
      const isDown = tensor.name.endsWith(".a");
      const scale = isDown ? scaleOf(tensor.columns) : 0n;
      const value = (row: number, column: number): number | bigint => {
        if (!isDown) return 0;
        const word = noise(seed.low, seed.high, SITE.factors + position, row, column);
        return (BigInt((word >>> 8) - 8388608) * scale) >> 16n;
      };
      return [tensor.name, packBlock(tensor.dtype, tensor.rows, tensor.columns, value)] as const;
    }),
  );
}
