/**
 * Every kernel for one set of instructions. This file is compiled once for each set, with the flags
 * of that set and its name in R3MES_SET; the compiler vectorises the plain loops for it, and
 * tiles.h takes the inner products written for it.
 */
#include "attention.h"
#include "attentionForward.h"
#include "attentionBackwardByQuery.h"
#include "attentionBackwardByKey.h"
#include "decode.h"
#include "gate.h"
#include "gather.h"
#include "gemm.h"
#include "head.h"
#include "heads.h"
#include "linear.h"
#include "norm.h"
#include "optimizer.h"
#include "quantise.h"
#include "rank.h"

#define NAME_OF(set) #set
#define STRING_OF(set) NAME_OF(set)
#define SYMBOL_OF(set) r3mes_##set
#define SET_OF(set) SYMBOL_OF(set)

static const struct kernel kernels[] = {
    {"adamElements", adam_elements, 10},
    {"appendRows", append_rows, 6},
    {"attentionBackwardByKey", attention_backward_by_key, 15},
    {"attentionBackwardByQuery", attention_backward_by_query, 22},
    {"attentionByKey", attention_by_key, 23},
    {"attentionByQuery", attention_by_query, 24},
    {"attentionContext", attention_context, 10},
    {"attentionForward", attention_forward, 17},
    {"attentionKeyGradient", attention_key_gradient, 6},
    {"attentionPrefix", attention_prefix, 3},
    {"attentionQueryGradient", attention_query_gradient, 8},
    {"cacheRows", cache_rows, 6},
    {"decodeAttention", decode_attention, 20},
    {"dlogits", dlogits, 13},
    {"dlogitsMagnitude", dlogits_magnitude, 12},
    {"dlogitsTarget", dlogits_target, 13},
    {"embedRows", embed_rows, 8},
    {"factorGradient", factor_gradient, 7},
    {"foldMagnitude", fold_magnitude, 9},
    {"foldQuantise", fold_quantise, 8},
    {"gateBackward", gate_backward, 11},
    {"gateForward", gate_forward, 7},
    {"gemmRows", gemm_rows, 10},
    {"groupRows", group_rows, 8},
    {"headBackward", head_backward, 14},
    {"headLoss", head_loss, 9},
    {"headScore", head_score, 12},
    {"headSum", head_sum, 6},
    {"headsMagnitude", heads_magnitude, 7},
    {"linearBackwardRows", linear_backward_rows, 18},
    {"linearRows", linear_rows, 18},
    {"lionElements", lion_elements, 9},
    {"magnitudeBlocks", magnitude_blocks, 10},
    {"mergeHeads", merge_heads, 10},
    {"normBackward", norm_backward, 16},
    {"normDot", norm_dot, 12},
    {"normEpsilon", norm_epsilon, 5},
    {"normMantissa", norm_mantissa, 9},
    {"normQuantise", norm_quantise, 9},
    {"normSquares", norm_squares, 7},
    {"quantiseRows", quantise_rows, 9},
    {"rankQuantise", rank_quantise, 10},
    {"reduceBlocks", reduce_blocks, 9},
    {"splitHeads", split_heads, 12},
};

extern const struct kernel_set SET_OF(R3MES_SET);
const struct kernel_set SET_OF(R3MES_SET) = {
    STRING_OF(R3MES_SET),
    kernels,
    sizeof kernels / sizeof kernels[0],
};
