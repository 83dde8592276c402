/** Errors of one unit in the WGSL kernels, as `mutants.ts` lists them for WASM; `mutateShaders.ts` expects each to be noticed. */
import type { Mutant } from "./mutants.ts";

const of = (name: string, from: string, to: string): Mutant => ({ file: `${name}.wgsl`, from, to });

export const shaderMutants: readonly Mutant[] = [
  of("integer", "halvings > 30u", "halvings > 29u"),
  of("integer", "low < a.x", "low <= a.x"),
  of("linear", "+ 4 - scale.k", "+ 5 - scale.k"),
  of("linear", "- param(0) - 16", "- param(0) - 15"),
  of("linearBackward", "at(3u, 0, 0)), 10)", "at(3u, 0, 0)), 11)"),
  of("linearBackward", "let e = min(exponents.own, exponents.other);", "let e = exponents.own;"),
  of("norm", "19 - bound.shift", "18 - bound.shift"),
  of("norm", "max(-widthShift, 0)", "max(widthShift, 0)"),
  of("rank", "rankScale(row).c15), 15)", "rankScale(row).c15), 16)"),
  of("gate", "row, 0), 16), 15)", "row, 0), 16), 16)"),
  of("head", "at(4u, v, 0)), 15)", "at(4u, v, 0)), 14)"),
  of("head", "max(0, magnitude - 7)", "max(0, magnitude - 6)"),
  of("attention", "z.length - 3", "z.length - 2"),
  of("attention", "shift, 16383)", "shift, 16382)"),
  of("attention", "wide(high), 7u)), 4)", "wide(high), 7u)), 3)"),
  of("attention", "low + (high << 7u)", "low + (high << 6u)"),
  of("weightedSum", "weights & vec4<i32>(127)", "weights & vec4<i32>(63)"),
  of("pairStatistic", "i < 16u", "i < 15u"),
  of("pairTile", "column < span.y", "column < span.y - 1"),
  of("tile", "8u * r", "7u * r"),
  of("product", "j + i < columns(ADAPTER))", "j + i + 1 < columns(ADAPTER))"),
  of("factorGradient", "lane + 192u", "lane + 191u"),
  of("gemmWide", "near << 16u, near", "near << 15u, near"),
  of("optimizer", "33026), shift + 34)", "33026), shift + 33)"),
  of("optimizer", "oldMean)), 6554), 16)", "oldMean)), 6553), 16)"),
];
