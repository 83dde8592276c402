// Generated from spec/limits.json by tools/gen/limits.ts. Do not edit.

export const LIMITS = {
  /** In uremes. The supply cap of 1,000,000,000 REMES; no sum of amounts can honestly exceed it. */
  amountUremesMax: 1000000000000000,
  /** In sequences. Sequences of one training step; bounds the activations that any device has to hold. */
  batchSequencesMax: 1024,
  /** In bytes. The longest chain id that CometBFT accepts. */
  chainIdBytesMax: 50,
  /** In chunks. The sum of a round stays within 32 bits, and one round's audits fit bounded work per block. */
  chunksPerRoundMax: 256,
  /** In bytes. A CIDv1 with a SHA-256 multihash has exactly this length; no other kind is accepted on the chain. */
  cidBytes: 36,
  /** In operations. Operations whose roots enter an execution digest: enough that they cannot be guessed, few enough that hashing them stays far below the step. */
  digestOperations: 8,
  /** In records. Every verifier evaluates this sample for every round; enough for a curve, little beside an audit. */
  heldOutRecordsMax: 64,
  /** In steps. Steps of one chunk: their roots fit one post of a dispute, and an audit of one must be likely to meet a skipped one. */
  localStepsMax: 256,
  /** In ranks. The largest rank for which every tile of the step program closes within its limits. */
  loraRankMax: 64,
  /** In bytes. A manifest is read whole before it can be checked. */
  manifestBytesMax: 1048576,
  /** In levels. Readers of nested JSON use stack in proportion to depth. */
  manifestDepthMax: 32,
  /** In bytes. Longest name of a tensor, file or field in a manifest. */
  manifestKeyBytesMax: 128,
  /** In leaves. Leaves of one multiproof; the most that a referee may name as inputs of a tile. */
  multiproofLeavesMax: 4096,
  /** In bytes. One operation of a step program; it travels in a dispute. */
  operationRecordBytesMax: 1024,
  /** In operations. Operations of one step; eight times those of BitNet b1.58 2B4T. */
  programOperationsMax: 65536,
  /** In tensors. Named tensors of one step. */
  programTensorsMax: 65536,
  /** In calls. Stages in which a referee may name its inputs. */
  refereeCallsMax: 4,
  /** In fuel units. Work of one call of the referee, the same on every validator. */
  refereeFuelMax: 96000000,
  /** In bytes. A referee is stored on the chain and read by every validator. */
  refereeModuleBytesMax: 65536,
  /** In ranges. Ranges of leaves that a referee may name as inputs of a tile. */
  refereeRangesMax: 64,
  /** In bytes. The request buffer of a referee: inputs, records and table. */
  refereeRequestBytesMax: 167936,
  /** In bytes. The table of a checkpoint file; the largest published ones need a tenth of it, and it is parsed whole. */
  safetensorsHeaderBytesMax: 8388608,
  /** In tokens. The longest sequence for which the fixed chunks of the step program close within their limits. */
  sequenceTokensMax: 4096,
  /** In tokens. One leaf of a dataset shard: 4 KiB of u32 tokens. */
  shardLeafTokens: 1024,
  /** In tokens. 64 MiB of a dataset shard: what one holder encodes, and one request may have to fetch. */
  shardTokensMax: 16777216,
  /** In bytes. Constants of a step that the chain hands to a referee. */
  stepConstantsBytesMax: 1024,
  /** In bytes. One tile of a sum with what 256 updates say of it: at most 1,324 bytes each, proofs included, for factors of 2^22 elements in tiles of 512. */
  sumInputBytesMax: 393216,
  /** In bytes. Longest tag of a hash. */
  tagBytesMax: 64,
  /** In bytes. Shortest tag of a hash; keeps the first byte of a tagged preimage apart from the prefixes of trees. */
  tagBytesMin: 8,
  /** In dimensions. Every tensor of the step program has at most four. */
  tensorDimensionsMax: 4,
  /** In elements. One dimension of a tensor; its index fits a signed 32-bit integer on every device. */
  tensorExtentMax: 2147483647,
  /** In elements. Rows or columns of a tile; a u16 in the header of its leaf. */
  tileExtentMax: 65535,
  /** In bytes. Inputs of one tile with their proofs: 160 KiB in one transaction, read by every validator. */
  tileInputBytesMax: 163840,
  /** In multiply-adds. Work of one tile in the referee. */
  tileMultiplyAddsMax: 2097152,
  /** In bytes. One output tile; the response buffer of a referee. */
  tileOutputBytesMax: 65536,
  /** In hashes. Children of a disputed node in one post: 8 KiB, and at most seven moves a side at the largest model. */
  traceChildrenMax: 256,
  /** In levels. A proof has at most this many hashes. */
  treeDepthMax: 32,
  /** In leaves. Slots of a tree of the greatest depth. */
  treeLeavesMax: 4294967296,
  /** In bytes. A compressed update; verifiers download every one of a round. */
  updateBytesMax: 67108864,
  /** In verifiers. Bonded verifiers of an epoch; one beacon value hashes all their reveals. */
  verifiersMax: 1024,
  /** In verifiers. Verdicts that settling one submission has to read. */
  verifiersPerAuditMax: 16,
  /** In tokens. A vocabulary column fits the 18 bits that the bounds of the arithmetic assume. */
  vocabularyMax: 262144,
} as const;

export type LimitName = keyof typeof LIMITS;

export const LIMIT_UNITS: { readonly [Name in LimitName]: string } = {
  amountUremesMax: "uremes",
  batchSequencesMax: "sequences",
  chainIdBytesMax: "bytes",
  chunksPerRoundMax: "chunks",
  cidBytes: "bytes",
  digestOperations: "operations",
  heldOutRecordsMax: "records",
  localStepsMax: "steps",
  loraRankMax: "ranks",
  manifestBytesMax: "bytes",
  manifestDepthMax: "levels",
  manifestKeyBytesMax: "bytes",
  multiproofLeavesMax: "leaves",
  operationRecordBytesMax: "bytes",
  programOperationsMax: "operations",
  programTensorsMax: "tensors",
  refereeCallsMax: "calls",
  refereeFuelMax: "fuel units",
  refereeModuleBytesMax: "bytes",
  refereeRangesMax: "ranges",
  refereeRequestBytesMax: "bytes",
  safetensorsHeaderBytesMax: "bytes",
  sequenceTokensMax: "tokens",
  shardLeafTokens: "tokens",
  shardTokensMax: "tokens",
  stepConstantsBytesMax: "bytes",
  sumInputBytesMax: "bytes",
  tagBytesMax: "bytes",
  tagBytesMin: "bytes",
  tensorDimensionsMax: "dimensions",
  tensorExtentMax: "elements",
  tileExtentMax: "elements",
  tileInputBytesMax: "bytes",
  tileMultiplyAddsMax: "multiply-adds",
  tileOutputBytesMax: "bytes",
  traceChildrenMax: "hashes",
  treeDepthMax: "levels",
  treeLeavesMax: "leaves",
  updateBytesMax: "bytes",
  verifiersMax: "verifiers",
  verifiersPerAuditMax: "verifiers",
  vocabularyMax: "tokens",
};
