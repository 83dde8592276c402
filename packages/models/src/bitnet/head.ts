/** The head of the model: scores, the loss of each token, and the gradient that the last layer begins with. */
import type { TensorId } from "@r3mes/engine";
import {
  type BuildContext,
  one,
  Q16,
  RESIDUAL_GRADIENT_EXPONENT,
  type RowGradient,
} from "./buildContext.ts";
import { CHUNK } from "./chunks.ts";
import { addNormGradient, type Norm } from "./norm.ts";
import { statistic } from "./statistic.ts";

/** The scores of each row, and what they were made of. */
export interface Head {
  readonly e8: TensorId;
  readonly rowScale: TensorId;
  readonly exponent: TensorId;
  readonly score: TensorId;
}

export function addHead(c: BuildContext, norm: Norm): Head {
  const e8 = c.weights("head.e8");
  const rowScale = c.weights("head.rowScale");
  const exponent = c.weights("head.exponent");
  const score = one(c, "head.score", "score", {
    f8: norm.x8,
    e8,
    rowScale,
    exponent,
    m: norm.mantissa,
  });
  return { e8, rowScale, exponent, score };
}

/** Row statistics of the scores, which the gradient reads again. */
export interface Loss {
  readonly max: TensorId;
  readonly sum: TensorId;
}

export function addLoss(c: BuildContext, head: Head, tokens: TensorId): Loss {
  const { score } = head;
  const over = { columns: c.shape.vocabulary, chunk: CHUNK.columns } as const;
  const max = statistic(c, "reduce.max", "score.max", { x: score }, { ...over, reduction: "max" });
  const sum = statistic(
    c,
    "head.sum",
    "score.sum",
    { score, max },
    { ...over, reduction: "wideSum" },
  );
  const loss = one(c, "head.loss", "loss", { tokens, score, max, sum }, { length: c.length });
  const { rows } = c.builder.tensor(loss);
  const chunkRows = Math.min(rows, CHUNK.rows);
  const [part] = c.builder.add(
    "reduce.sum",
    rows > chunkRows ? "loss.total.part" : "loss.total",
    { x: loss },
    { chunkRows, chunkColumns: 1, wide: 1 },
  );
  if (rows > chunkRows) {
    one(
      c,
      "reduce.sum",
      "loss.total",
      { x: part },
      { chunkRows: c.builder.tensor(part!).rows, chunkColumns: 1, wide: 1 },
    );
  }
  return { max, sum };
}

/** From the loss to the gradient of the residual stream after the last layer, Q18. */
export function addHeadBackward(
  c: BuildContext,
  { norm, head, loss }: { readonly norm: Norm; readonly head: Head; readonly loss: Loss },
  tokens: TensorId,
  step: TensorId,
): TensorId {
  const { vocabulary } = c.shape;
  const params = { length: c.length };
  const rows = { tokens, score: head.score, max: loss.max, sum: loss.sum, rowScale: head.rowScale };
  const magnitude = statistic(c, "dlogits.magnitude", "dlogits.magnitude", rows, {
    params,
    columns: vocabulary,
    chunk: CHUNK.columns,
    reduction: "max",
  });
  const dl8 = one(c, "dlogits", "dlogits", { ...rows, magnitude, step }, params);
  const target = one(c, "dlogits.target", "dlogits.target", { ...rows, magnitude, step }, params);
  const acc = one(
    c,
    "gemm",
    "head.acc",
    { a: dl8, b: c.weights("head.e8t") },
    { chunk: Math.min(CHUNK.head, vocabulary), bits: 8 },
  );
  const [d, e] = c.builder.add(
    "head.backward",
    "head.dx",
    { tokens, acc, target, e8: head.e8, exponent: head.exponent, magnitude },
    params,
  );
  const gradient: RowGradient = { d: d!, e: e! };
  const inputs = addNormGradient(c, "finalNorm", norm, gradient);
  return one(c, "norm.backwardResidual", "finalNorm.dr", inputs, {
    exponent: Q16,
    residualExponent: RESIDUAL_GRADIENT_EXPONENT,
  });
}
