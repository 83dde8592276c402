/** The dimensions of a BitNet model and of the adapter that a program trains. */
import { R3mesError } from "@r3mes/protocol";

export interface BitnetShape {
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly ffn: number;
  readonly vocabulary: number;
  /** Rows of the rotary table. */
  readonly context: number;
  /** What every norm adds to the mean square, times 2^40: 1 to 2^31 - 1, or absent for nothing. */
  readonly normEpsilon?: number;
}

/** The linears of a layer, in the order of the forward pass. */
export const LINEARS = ["q", "k", "v", "o", "gate", "up", "down"] as const;
export type LinearName = (typeof LINEARS)[number];

export interface AdapterShape {
  /** 4, 8, 16, 32 or 64. */
  readonly rank: number;
  /** A power of two times or below the rank: alpha / rank scales the adapter's output. */
  readonly alpha: number;
  readonly targets: readonly LinearName[];
}

/** Columns in and rows out of a linear. */
export function linearSize(
  shape: BitnetShape,
  name: LinearName,
): { columns: number; rows: number } {
  const queries = shape.heads * shape.headSize;
  const keys = shape.kvHeads * shape.headSize;
  const sizes: Readonly<Record<LinearName, { columns: number; rows: number }>> = {
    q: { columns: shape.hidden, rows: queries },
    k: { columns: shape.hidden, rows: keys },
    v: { columns: shape.hidden, rows: keys },
    o: { columns: queries, rows: shape.hidden },
    gate: { columns: shape.hidden, rows: shape.ffn },
    up: { columns: shape.hidden, rows: shape.ffn },
    down: { columns: shape.ffn, rows: shape.hidden },
  };
  return sizes[name];
}

/** log2(alpha / rank). Throws MODEL_MANIFEST_INVALID unless both are powers of two and the rank is supported. */
export function alphaShift(adapter: AdapterShape): number {
  const isPower = (n: number) => Number.isInteger(n) && n >= 1 && (n & (n - 1)) === 0;
  if (!isPower(adapter.rank) || adapter.rank < 4 || adapter.rank > 64 || !isPower(adapter.alpha)) {
    throw new R3mesError({
      code: "MODEL_MANIFEST_INVALID",
      rank: adapter.rank,
      alpha: adapter.alpha,
      rule: "rank is 4, 8, 16, 32 or 64 and alpha a power of two",
    });
  }
  return Math.clz32(adapter.rank) - Math.clz32(adapter.alpha);
}
