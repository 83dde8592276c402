/** Statistics in two levels: of chunks, and of what they leave. */
import type { Inputs, Params, TensorId } from "@r3mes/engine";
import { type BuildContext, one } from "./buildContext.ts";
import { CHUNK } from "./chunks.ts";

/** A statistic over columns: in chunks of `chunk` with a reduction behind, or whole if one chunk is enough. */
export function statistic(
  c: BuildContext,
  kind: string,
  name: string,
  inputs: Inputs,
  options: {
    readonly params?: Params;
    readonly columns: number;
    readonly chunk: number;
    readonly reduction: "max" | "sum" | "wideSum";
  },
): TensorId {
  const { columns, chunk, reduction } = options;
  const isWhole = columns <= chunk;
  const chunkParams =
    kind === "magnitude" || kind.startsWith("reduce.")
      ? { chunkRows: 1, chunkColumns: Math.min(chunk, columns) }
      : { chunk: Math.min(chunk, columns) };
  const params = { ...options.params, ...chunkParams };
  if (isWhole) return one(c, kind, name, inputs, params);
  const [part] = c.builder.add(kind, `${name}.part`, inputs, params, { tileColumns: 1 });
  const chunkColumns = c.builder.tensor(part!).columns;
  const wide = reduction === "wideSum" ? 1 : 0;
  return one(
    c,
    reduction === "max" ? "reduce.max" : "reduce.sum",
    name,
    { x: part },
    { chunkRows: 1, chunkColumns, wide },
  );
}

/** Magnitude of the rows of x, whose exponents are `e` or, without it, the static exponent. */
export function rowMagnitude(
  c: BuildContext,
  name: string,
  { x, e }: { readonly x: TensorId; readonly e?: TensorId | undefined },
  { exponent, relu = 0 }: { readonly exponent: number; readonly relu?: 0 | 1 },
): TensorId {
  return statistic(
    c,
    "magnitude",
    name,
    { x, e },
    {
      params: { exponent, relu },
      columns: c.builder.tensor(x).columns,
      chunk: CHUNK.columns,
      reduction: "max",
    },
  );
}
