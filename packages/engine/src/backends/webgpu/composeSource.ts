/** Puts a kernel's module together: the primitives, the files of its family, its frame, its bridges. */
import type { Frame, Kernel } from "./kernels.ts";

const FRAME_FILES: Readonly<Record<Frame, readonly string[]>> = {
  element: ["eachElement"],
  maximum: ["eachMaximum"],
  sum: ["eachSum"],
  product: ["tile", "product"],
  weightedSum: ["tile", "weightedSum"],
  pairWeights: ["tile", "pairTile", "pairWeights"],
  pairStatistic: ["tile", "pairTile", "pairStatistic"],
  update: [],
  row: ["eachRow"],
  query: [],
  gradient: [],
  ternary: [],
};

/** How the frames declare what they call. */
const SIGNATURES: Readonly<Record<string, string>> = {
  element: "element(row: i32, column: i32) -> i32",
  other: "other(row: i32, column: i32) -> i32",
  prepare: "prepare(row: i32, lane: u32)",
  span: "span(row: i32, column: i32) -> vec2<i32>",
  termOfMaximum: "term(row: i32, column: i32, i: i32) -> i32",
  termOfSum: "term(row: i32, column: i32, i: i32) -> Wide",
  least: "least() -> i32",
  spanOfTile: "spanOfTile(first: i32, last: i32) -> vec2<i32>",
  source: "source(row: i32) -> i32",
  finish: "finish(row: i32, low: i32, high: i32) -> i32",
  pairTerm: "pairTerm(p: Pair) -> i32",
  hasGradient: "hasGradient() -> bool",
  chunkSize: "chunkSize() -> i32",
  combine: "combine(a: i32, b: i32) -> i32",
  update: "update(row: i32, column: i32, index: u32)",
};

/** The dot product comes first: a directive must stand before everything else. */
export async function composeSource(
  kernel: Kernel,
  isPacked: boolean,
  readSource: (name: string) => Promise<string>,
): Promise<string> {
  const names = [
    isPacked ? "dotPacked" : "dotPlain",
    "integer",
    "memory",
    ...kernel.files,
    ...FRAME_FILES[kernel.frame],
  ];
  const texts = await Promise.all(names.map(readSource));
  return [...texts, ...Object.entries(kernel.bridges).map(bridge)].join("\n");
}

function bridge([called, name]: readonly [string, string]): string {
  const signature = SIGNATURES[called]!;
  const parameters = signature.slice(signature.indexOf("(") + 1, signature.indexOf(")"));
  const given = [...parameters.matchAll(/(\w+):/g)].map(([, parameter]) => parameter);
  const call = `${name}(${given.join(", ")})`;
  return `fn ${signature} { ${signature.includes("->") ? "return " : ""}${call}; }\n`;
}
