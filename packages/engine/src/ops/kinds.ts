/** Every kind of operation, by name. A program that names another is refused. */
import {
  attentionDelta,
  attentionGradientMagnitude,
  attentionKeyGradient,
  attentionKeyMagnitude,
  attentionKeyWeights,
  attentionQueryGradient,
  attentionQueryMagnitude,
  attentionQueryWeights,
  attentionValueMagnitude,
  attentionValueWeights,
} from "./attention/backward.ts";
import {
  attentionContext,
  attentionMax,
  attentionPrefix,
  attentionSum,
  attentionWeights,
  cacheAppend,
} from "./attention/forward.ts";
import { cacheWrite, decodeAttention, decodeRotate } from "./decode.ts";
import { decodeLinear, decodeProduct, decodeRank } from "./decodeFactors.ts";
import { embed } from "./embed.ts";
import { gate, gateBackward } from "./gate.ts";
import { gemm } from "./gemm.ts";
import { groupMax, groupSum } from "./group.ts";
import {
  dlogits,
  dlogitsMagnitude,
  dlogitsTarget,
  headBackward,
  headLoss,
  headScore,
  headSum,
} from "./head.ts";
import { headsMagnitude, mergeHeads, rotateHeads, splitHeads } from "./heads.ts";
import type { Kind } from "./kind.ts";
import { linear, linearBackward } from "./linear.ts";
import {
  normBackward,
  normBackwardResidual,
  normDot,
  normEpsilon,
  normMantissa,
  normQuantise,
  normSquares,
} from "./norm.ts";
import { adam, lion } from "./optimizer.ts";
import { magnitude, quantise } from "./quantise.ts";
import { factorGradient, foldMagnitude, foldQuantise, rankQuantise } from "./rank.ts";
import { reduceMax, reduceSum } from "./reduce.ts";

const ALL: readonly Kind[] = [
  embed,
  magnitude,
  quantise,
  reduceMax,
  reduceSum,
  groupMax,
  groupSum,
  gemm,
  linear,
  linearBackward,
  rankQuantise,
  foldMagnitude,
  foldQuantise,
  factorGradient,
  normSquares,
  normMantissa,
  normQuantise,
  normDot,
  normBackward,
  normBackwardResidual,
  gate,
  gateBackward,
  splitHeads,
  rotateHeads,
  headsMagnitude,
  mergeHeads,
  cacheAppend,
  attentionPrefix,
  attentionMax,
  attentionSum,
  attentionWeights,
  attentionContext,
  attentionGradientMagnitude,
  attentionDelta,
  attentionQueryMagnitude,
  attentionQueryWeights,
  attentionQueryGradient,
  attentionKeyMagnitude,
  attentionKeyWeights,
  attentionValueMagnitude,
  attentionValueWeights,
  attentionKeyGradient,
  headScore,
  headSum,
  headLoss,
  dlogitsMagnitude,
  dlogits,
  dlogitsTarget,
  headBackward,
  adam,
  lion,
  decodeRotate,
  cacheWrite,
  decodeAttention,
  normEpsilon,
  decodeProduct,
  decodeRank,
  decodeLinear,
];

export const KINDS: ReadonlyMap<string, Kind> = new Map(ALL.map((kind) => [kind.name, kind]));
