/** The exports of both kernel modules. A kernel that is not named here does not exist for the host. */
export {
  attentionByKey,
  attentionByQuery,
  attentionContext,
  attentionKeyGradient,
  attentionPrefix,
  attentionQueryGradient,
} from "./attention";
export { attentionBackwardByKey } from "./attentionBackwardByKey";
export { attentionBackwardByQuery } from "./attentionBackwardByQuery";
export { attentionForward } from "./attentionForward";
export { cacheRows, decodeAttention } from "./decode";
export { denseProduct, gemmRows, rowSums, widen } from "./dense";
export { gateBackward, gateForward } from "./gate";
export { appendRows, embedRows } from "./gather";
export {
  dlogits,
  dlogitsMagnitude,
  dlogitsTarget,
  headBackward,
  headLoss,
  headScore,
  headSum,
} from "./head";
export { headsMagnitude, mergeHeads, splitHeads } from "./heads";
export { UNKNOWN_ZERO } from "./lanes";
export { linearBackwardRows, linearRows } from "./linear";
export {
  normBackward,
  normDot,
  normEpsilon,
  normMantissa,
  normQuantise,
  normSquares,
} from "./norm";
export { adamElements, lionElements } from "./optimizer";
export { groupRows, magnitudeBlocks, quantiseRows, reduceBlocks } from "./quantise";
export { factorGradient, foldMagnitude, foldQuantise, rankQuantise } from "./rank";
export { ternaryForward, ternaryRow, ternaryTransposed } from "./ternary";
