/**
 * Which kernel computes each output of each kind. A kernel is a set of WGSL files, a frame that runs its
 * functions over an output, and bridges from the names that the frame calls to the names of the family.
 * No kernel rounds anywhere but where the definition does.
 */

/**
 * How a kernel is spread over a device: `element` one invocation a word of the output, `row` one workgroup a row
 * of one or two outputs, `maximum` and `sum` one workgroup a result, `product` and
 * `weightedSum` one workgroup a tile of 32 x 64, `pairWeights` the same of one head, `pairStatistic` one workgroup 32 rows
 * of one head, `update`
 * one invocation a weight, `query` one workgroup a row of input 0, `gradient` one workgroup 4 x 16 of a factor's gradient, `ternary` one
 * invocation a word of ternary weights.
 */
export type Frame =
  | "element"
  | "row"
  | "maximum"
  | "sum"
  | "product"
  | "weightedSum"
  | "pairWeights"
  | "pairStatistic"
  | "update"
  | "query"
  | "gradient"
  | "ternary";

export interface Kernel {
  readonly frame: Frame;
  readonly files: readonly string[];
  /** Name that the frame calls, and the function behind it. */
  readonly bridges: Readonly<Record<string, string>>;
  /** The kernel for shapes that the tiles of this one do not divide. */
  readonly otherwise?: Kernel;
}

const element = (files: string, name: string): Kernel => ({
  frame: "element",
  files: files.split(" "),
  bridges: { element: name },
});

/** A kernel of one output, or of two where `other` makes the second. */
const row = (files: string, prepare: string, name: string, other = "none"): Kernel => ({
  frame: "row",
  files: files.split(" "),
  bridges: { prepare, element: name, other },
});

const maximum = (
  files: string,
  span: string,
  term: string,
  least: string,
  prepare = "unprepared",
): Kernel => ({
  frame: "maximum",
  files: files.split(" "),
  bridges: { span, termOfMaximum: term, least, prepare },
});

const sum = (files: string, span: string, term: string, prepare = "unprepared"): Kernel => ({
  frame: "sum",
  files: files.split(" "),
  bridges: { span, termOfSum: term, prepare },
});

const product = (files: string): Kernel => ({
  frame: "product",
  files: files.split(" "),
  bridges: {},
});

const weightedSum = (spanOfTile: string, source: string, finish: string): Kernel => ({
  frame: "weightedSum",
  files: ["attention"],
  bridges: { spanOfTile, source, finish },
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

const RANK = "reduce rank";
const HEADS = "reduce heads";
const HEAD = "gather reduce rank head";

/** Kernels of kinds that train and of kinds that decode. A device compiles them once. */
const LINEAR = product("whole linear");
const RANK_QUANTISE = row(RANK, "prepareRank", "rankQuantised", "rankExponent");

type Side = "byQuery" | "byKey";

interface PairTerm {
  readonly pairTerm: string;
  readonly hasGradient: "withGradient" | "withoutGradient";
}

const scored = (pairTerm: string): PairTerm => ({ pairTerm, hasGradient: "withoutGradient" });
const graded = (pairTerm: string): PairTerm => ({ pairTerm, hasGradient: "withGradient" });

/** A weight for each pair of attention. */
function pairWeights(side: Side, term: PairTerm): Kernel {
  const { frame, files, bridges } = element(`attention ${side} pairAlone`, "weightAlone");
  return {
    frame: "pairWeights",
    files: ["attention", side],
    bridges: { ...term },
    otherwise: {
      frame,
      files,
      bridges: { ...bridges, ...term, chunkSize: "chunkOfScores" },
    },
  };
}

interface Statistic {
  readonly combine: "larger" | "total";
  readonly least: string;
  readonly chunkSize?: string;
}

/** The largest term, or the sum of the terms, of each chunk of the pairs of a row. */
function pairStatistic(
  side: Side,
  term: PairTerm,
  { combine, least, chunkSize = "chunkOfScores" }: Statistic,
): Kernel {
  const files = `attention ${side} pairAlone`;
  const { frame, bridges, ...alone } =
    combine === "larger"
      ? maximum(files, "spanAlone", "termAlone", least)
      : sum(files, "spanAlone", "wideAlone");
  return {
    frame: "pairStatistic",
    files: ["attention", side],
    bridges: { ...term, combine, least, chunkSize },
    otherwise: { ...alone, frame, bridges: { ...bridges, ...term, chunkSize } },
  };
}

const MAGNITUDE: Statistic = { combine: "larger", least: "noMagnitude" };
const TOTAL: Statistic = { combine: "total", least: "nothing" };

/** One kernel for each output; an optimizer and a `row` have one for all of them. */
export const KERNELS: Readonly<Record<string, readonly Kernel[]>> = {
  embed: [element("gather", "embedded")],
  magnitude: [maximum("statistics", "blockSpan", "magnitudeTerm", "noMagnitude")],
  quantise: [element("statistics", "quantised")],
  "reduce.max": [maximum("statistics", "blockSpan", "blockElement", "smallestWord")],
  "reduce.sum": [sum("statistics", "blockSpan", "blockElementWide")],
  "group.max": [element("statistics", "groupMax")],
  "group.sum": [element("statistics", "groupSum")],
  gemm: [product("gemm")],
  linear: [LINEAR],
  "linear.backward": [
    product("whole linearBackward"),
    element("whole linearBackward", "backwardExponent"),
  ],
  "rank.quantise": [RANK_QUANTISE],
  "fold.magnitude": [maximum(RANK, "foldSpan", "foldTerm", "noMagnitude")],
  "fold.quantise": [element(RANK, "foldQuantised")],
  "factor.gradient": [{ frame: "gradient", files: ["factorGradient"], bridges: {} }],
  "norm.squares": [sum("norm", "chunkSpan", "squareTerm")],
  "norm.epsilon": [sum("norm", "oneTerm", "epsilonTerm")],
  "norm.mantissa": [maximum("norm", "chunkSpan", "mantissaTerm", "one", "prepareMantissa")],
  "norm.quantise": [row("norm", "prepareQuantise", "normQuantised")],
  "norm.dot": [sum("norm", "chunkSpan", "dotTerm", "prepareDot")],
  "norm.backward": [row("norm", "prepareGradient", "normBackward", "normBackwardExponent")],
  "norm.backwardResidual": [row("norm", "prepareGradient", "normBackwardResidual")],
  gate: [element("gate", "gateElement"), element("gate", "gateExponent")],
  "gate.backward": [element("gate", "gateGradient"), element("gate", "gateGradientExponent")],
  "heads.split": [row(HEADS, "prepareSplit", "splitElement", "splitExponent")],
  "heads.rotate": [row(HEADS, "prepareRotate", "rotateElement", "rotateExponent")],
  "heads.magnitude": [maximum(HEADS, "headsSpan", "headsTerm", "noMagnitude")],
  "heads.merge": [element(HEADS, "mergeElement"), element(HEADS, "mergeExponent")],
  "cache.append": [element("gather", "appended")],
  "attention.prefix": [element("attention", "prefixElement")],
  "attention.max": [
    pairStatistic("byQuery", scored("score"), { combine: "larger", least: "noScore" }),
  ],
  "attention.sum": [pairStatistic("byQuery", scored("exponentialTerm"), TOTAL)],
  "attention.weights": [pairWeights("byQuery", scored("alignedWeight"))],
  "attention.context": [weightedSum("keysOfTile", "firstKey", "finishContext")],
  "attention.gradientMagnitude": [
    pairStatistic("byQuery", scored("gradientTerm"), { ...MAGNITUDE, chunkSize: "chunkOfValues" }),
  ],
  "attention.delta": [pairStatistic("byQuery", graded("deltaTerm"), TOTAL)],
  "attention.queryMagnitude": [pairStatistic("byQuery", graded("queryTerm"), MAGNITUDE)],
  "attention.queryWeights": [pairWeights("byQuery", graded("queryWeight"))],
  "attention.queryGradient": [weightedSum("keysOfTile", "firstKey", "finishGradient")],
  "attention.keyMagnitude": [pairStatistic("byKey", graded("keyTerm"), MAGNITUDE)],
  "attention.keyWeights": [pairWeights("byKey", graded("keyWeight"))],
  "attention.valueMagnitude": [pairStatistic("byKey", scored("valueTerm"), MAGNITUDE)],
  "attention.valueWeights": [pairWeights("byKey", scored("valueWeight"))],
  "attention.keyGradient": [weightedSum("queriesOfTile", "firstQuery", "finishGradient")],
  "head.score": [product("whole headScore")],
  "head.sum": [sum(HEAD, "sumSpan", "sumTerm")],
  "head.loss": [element(HEAD, "loss")],
  "dlogits.magnitude": [maximum(HEAD, "magnitudeSpan", "magnitudeTerm", "noMagnitude")],
  dlogits: [element(HEAD, "dlogit")],
  "dlogits.target": [element(HEAD, "dlogitOfTarget")],
  "head.backward": [element(HEAD, "hiddenGradient"), element(HEAD, "hiddenExponent")],
  adam: [update("adam")],
  lion: [update("lion")],
  "decode.rotate": [row(HEADS, "prepareDecodeRotate", "rotateElement", "rotateExponent")],
  "cache.write": [element("gather", "cached")],
  "decode.product": [element("gemmWide", "decodeProductElement")],
  "decode.rank": [RANK_QUANTISE],
  "decode.linear": [LINEAR],
  "decode.attention": [
    { frame: "query", files: ["attention", "reduce", "decodeAttention"], bridges: {} },
  ],
};
