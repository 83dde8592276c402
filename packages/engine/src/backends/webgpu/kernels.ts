/**
 * Which kernel computes each output of each kind. A kernel is a set of WGSL files, a frame that runs its
 * functions over an output, and bridges from the names that the frame calls to the names of the family.
 * No kernel rounds anywhere but where the definition does.
 */

/**
 * How a kernel is spread over a device: `element` one invocation a word of the output, `maximum` and `sum`
 * one workgroup a result, `product` one workgroup a tile of 16 x 64, `update` one invocation a weight,
 * `query` one workgroup a row of input 0, `gradient` one workgroup 4 x 16 of a factor's gradient, `ternary` one
 * invocation a word of ternary weights.
 */
export type Frame =
  | "element"
  | "maximum"
  | "sum"
  | "product"
  | "update"
  | "query"
  | "gradient"
  | "ternary";

export interface Kernel {
  readonly frame: Frame;
  readonly files: readonly string[];
  /** Name that the frame calls, and the function behind it. */
  readonly bridges: Readonly<Record<string, string>>;
}

const element = (files: string, name: string): Kernel => ({
  frame: "element",
  files: files.split(" "),
  bridges: { element: name },
});

const maximum = (files: string, span: string, term: string, least: string): Kernel => ({
  frame: "maximum",
  files: files.split(" "),
  bridges: { span, termOfMaximum: term, least },
});

const sum = (files: string, span: string, term: string): Kernel => ({
  frame: "sum",
  files: files.split(" "),
  bridges: { span, termOfSum: term },
});

const product = (files: string): Kernel => ({
  frame: "product",
  files: files.split(" "),
  bridges: {},
});

const update = (name: string): Kernel => ({
  frame: "update",
  files: ["optimizer"],
  bridges: { update: name },
});

/** The product with 16-bit elements, which `gemm` takes where its matrix is a factor. */
export const GEMM_WIDE = element("gemmWide", "gemmElement");
export const TRANSPOSE = element("gather", "transposed");
export const TRANSPOSE_TERNARY: Kernel = {
  frame: "ternary",
  files: ["transposeTernary"],
  bridges: {},
};

const HEAD = "gather rank head";
const attentionMaximum = (span: string, term: string, least = "noMagnitude") =>
  maximum("attention", span, term, least);

/** One kernel for each output; an optimizer has one for all of them. */
export const KERNELS: Readonly<Record<string, readonly Kernel[]>> = {
  embed: [element("gather", "embedded")],
  magnitude: [maximum("statistics", "blockSpan", "magnitudeTerm", "noMagnitude")],
  quantise: [element("statistics", "quantised")],
  "reduce.max": [maximum("statistics", "blockSpan", "blockElement", "smallestWord")],
  "reduce.sum": [sum("statistics", "blockSpan", "blockElementWide")],
  "group.max": [element("statistics", "groupMax")],
  "group.sum": [element("statistics", "groupSum")],
  gemm: [product("gemm")],
  linear: [product("whole linear")],
  "linear.backward": [
    product("whole linearBackward"),
    element("whole linearBackward", "backwardExponent"),
  ],
  "rank.quantise": [element("rank", "rankQuantised"), element("rank", "rankExponent")],
  "fold.magnitude": [maximum("rank", "foldSpan", "foldTerm", "noMagnitude")],
  "fold.quantise": [element("rank", "foldQuantised")],
  "factor.gradient": [{ frame: "gradient", files: ["factorGradient"], bridges: {} }],
  "norm.squares": [sum("norm", "chunkSpan", "squareTerm")],
  "norm.epsilon": [sum("norm", "oneTerm", "epsilonTerm")],
  "norm.mantissa": [maximum("norm", "chunkSpan", "mantissaTerm", "one")],
  "norm.quantise": [element("norm", "normQuantised")],
  "norm.dot": [sum("norm", "chunkSpan", "dotTerm")],
  "norm.backward": [element("norm", "normBackward"), element("norm", "normBackwardExponent")],
  "norm.backwardResidual": [element("norm", "normBackwardResidual")],
  gate: [element("gate", "gateElement"), element("gate", "gateExponent")],
  "gate.backward": [element("gate", "gateGradient"), element("gate", "gateGradientExponent")],
  "heads.split": [element("heads", "splitElement"), element("heads", "splitExponent")],
  "heads.rotate": [element("heads", "rotateElement"), element("heads", "rotateExponent")],
  "heads.magnitude": [maximum("heads", "headsSpan", "headsTerm", "noMagnitude")],
  "heads.merge": [element("heads", "mergeElement"), element("heads", "mergeExponent")],
  "cache.append": [element("gather", "appended")],
  "attention.prefix": [element("attention", "prefixElement")],
  "attention.max": [attentionMaximum("spanOfKeys", "scoreTerm", "noScore")],
  "attention.sum": [sum("attention", "spanOfKeys", "exponentialTerm")],
  "attention.weights": [element("attention", "alignedWeight")],
  "attention.context": [element("attention", "contextElement")],
  "attention.gradientMagnitude": [attentionMaximum("spanOfValues", "gradientTerm")],
  "attention.delta": [sum("attention", "spanOfKeys", "deltaTerm")],
  "attention.queryMagnitude": [attentionMaximum("spanOfKeys", "queryTerm")],
  "attention.queryWeights": [element("attention", "queryWeight")],
  "attention.queryGradient": [element("attention", "queryGradient")],
  "attention.keyMagnitude": [attentionMaximum("spanOfQueries", "keyTerm")],
  "attention.keyWeights": [element("attention", "keyWeight")],
  "attention.valueMagnitude": [attentionMaximum("spanOfQueries", "valueTerm")],
  "attention.valueWeights": [element("attention", "valueWeight")],
  "attention.keyGradient": [element("attention", "keyGradient")],
  "head.score": [product("whole headScore")],
  "head.sum": [sum(HEAD, "sumSpan", "sumTerm")],
  "head.loss": [element(HEAD, "loss")],
  "dlogits.magnitude": [maximum(HEAD, "magnitudeSpan", "magnitudeTerm", "noMagnitude")],
  dlogits: [element(HEAD, "dlogit")],
  "dlogits.target": [element(HEAD, "dlogitOfTarget")],
  "head.backward": [element(HEAD, "hiddenGradient"), element(HEAD, "hiddenExponent")],
  adam: [update("adam")],
  lion: [update("lion")],
  "decode.rotate": [
    element("heads", "decodeRotateElement"),
    element("heads", "decodeRotateExponent"),
  ],
  "cache.write": [element("gather", "cached")],
  "decode.product": [element("gemmWide", "decodeProductElement")],
  "decode.rank": [element("rank", "rankQuantised"), element("rank", "rankExponent")],
  "decode.linear": [product("whole linear")],
  "decode.attention": [{ frame: "query", files: ["attention", "decodeAttention"], bridges: {} }],
};
