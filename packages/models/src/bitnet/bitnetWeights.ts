/**
 * The weights of a BitNet model, in the order in which its manifest lists them and every program declares them. In a program for
 * training they stand first, so a weight's number there is its place in the backbone, and a tile of it opens under the backbone root.
 */
import type { ProgramBuilder, Tensor, TensorId } from "@r3mes/engine";
import { type BitnetShape, LINEARS, linearSize } from "./bitnetShape.ts";

/** Weight tensors by name. */
export type Weights = (name: string) => TensorId;

/** Norms of a layer, in the order of the forward pass, each with a linear that reads it. */
const NORMS = [
  ["inputNorm", "q"],
  ["attentionNorm", "o"],
  ["middleNorm", "gate"],
  ["feedNorm", "down"],
] as const;

/** `transposeOf` is a place in the list. */
export function bitnetWeights(shape: BitnetShape): Tensor[] {
  const { hidden, vocabulary } = shape;
  const list: Tensor[] = [];
  const add = (
    name: string,
    dtype: Tensor["dtype"],
    size: readonly [rows: number, columns: number],
    tile: readonly [rows: number, columns: number],
    of?: Pick<Tensor, "transposeOf">,
  ): number =>
    list.push({
      name,
      dtype,
      rows: size[0],
      columns: size[1],
      tile: { rows: tile[0], columns: tile[1] },
      role: "weight",
      ...of,
    }) - 1;

  add("rope", "i16", [shape.context, shape.headSize], [8, shape.headSize]);
  for (let layer = 0; layer < shape.layers; layer++) {
    for (const linear of LINEARS) {
      const name = `layers.${layer}.${linear}`;
      const { rows, columns } = linearSize(shape, linear);
      const transposeOf = add(`${name}.w`, "t2", [rows, columns], [32, 256]);
      add(`${name}.wt`, "t2", [columns, rows], [32, 256], { transposeOf });
      add(`${name}.scale`, "i32", [1, 2], [1, 2]);
    }
  }
  add("embedding", "i32", [vocabulary, hidden], [1, Math.min(256, hidden)]);
  for (let layer = 0; layer < shape.layers; layer++) {
    for (const [norm, linear] of NORMS) {
      const { columns } = linearSize(shape, linear);
      add(`layers.${layer}.${norm}.gain`, "i16", [1, columns], [1, 256]);
    }
  }
  add("finalNorm.gain", "i16", [1, hidden], [1, 256]);
  const head = add("head.e8", "i8", [vocabulary, hidden], [32, 64]);
  add("head.rowScale", "i16", [vocabulary, 1], [32, 1]);
  add("head.exponent", "i32", [1, 1], [1, 1]);
  add("head.e8t", "i8", [hidden, vocabulary], [32, 64], { transposeOf: head });
  return list;
}

/** Declares all weights, before anything else. Only a program that trains holds the transposes. */
export function declareWeights(
  builder: ProgramBuilder,
  shape: BitnetShape,
  options: { readonly withTransposes: boolean },
): Weights {
  const numbers = new Map<string, TensorId>();
  for (const weight of bitnetWeights(shape)) {
    if (weight.transposeOf !== undefined && !options.withTransposes) continue;
    numbers.set(weight.name, builder.declare(weight));
  }
  return (name) => {
    const number = numbers.get(name);
    if (number === undefined) throw new RangeError(`the model has no weight ${name}`);
    return number;
  };
}
