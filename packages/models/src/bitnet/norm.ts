/** RMSNorm with the absmax int8 of its rows, and the inputs of its gradient. */
import type { Inputs, TensorId } from "@r3mes/engine";
import { type BuildContext, one, Q16, type RowGradient } from "./buildContext.ts";
import { CHUNK } from "./chunks.ts";
import { rowMagnitude, statistic } from "./statistic.ts";

/** What a norm leaves for the linears that read it and for its own gradient. */
export interface Norm {
  readonly x: TensorId;
  readonly e: TensorId | undefined;
  readonly m: TensorId;
  readonly squares: TensorId;
  readonly gain: TensorId;
  readonly mantissa: TensorId;
  readonly x8: TensorId;
}

/** RMSNorm and absmax int8 of x (rows with exponents e, or Q16). */
export function addNorm(c: BuildContext, name: string, x: TensorId, e?: TensorId): Norm {
  const { columns } = c.builder.tensor(x);
  const gain = c.weights(`${name}.gain`);
  const params = { exponent: Q16 };
  const over = { params, columns, chunk: CHUNK.columns } as const;
  const m = rowMagnitude(c, `${name}.magnitude`, { x, e }, { exponent: Q16 });
  const plain = statistic(
    c,
    "norm.squares",
    `${name}.squares`,
    { x, m, e },
    { ...over, reduction: "wideSum" },
  );
  const epsilon = c.shape.normEpsilon;
  const squares =
    epsilon === undefined
      ? plain
      : one(c, "norm.epsilon", `${name}.sum`, { squares: plain, m }, { columns, epsilon });
  const mantissa = statistic(
    c,
    "norm.mantissa",
    `${name}.mantissa`,
    { x, m, squares, gain, e },
    { ...over, reduction: "max" },
  );
  const x8 = one(c, "norm.quantise", `${name}.x8`, { x, m, squares, gain, mantissa, e }, params);
  return { x, e, m, squares, gain, mantissa, x8 };
}

/** The inputs that the gradient of a norm needs, with its two row statistics. */
export function addNormGradient(
  c: BuildContext,
  name: string,
  norm: Norm,
  gradient: RowGradient,
): Inputs {
  const { x, e, m, squares, gain } = norm;
  const { columns } = c.builder.tensor(x);
  const dm = rowMagnitude(
    c,
    `${name}.dmagnitude`,
    { x: gradient.d, e: gradient.e },
    { exponent: 0 },
  );
  const inputs = { d: gradient.d, dm, de: gradient.e, x, m, squares, gain, e };
  const dot = statistic(c, "norm.dot", `${name}.dot`, inputs, {
    params: { exponent: Q16 },
    columns,
    chunk: CHUNK.columns,
    reduction: "wideSum",
  });
  return { ...inputs, dot };
}
