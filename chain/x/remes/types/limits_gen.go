// Code generated from spec/limits.json by tools/gen/limits.ts. DO NOT EDIT.

package types

// Limits of sizes and counts, each with its unit and reason.
const (
	// LimitAmountUremesMax is in uremes. The supply cap of 1,000,000,000 REMES; no sum of amounts can honestly exceed it.
	LimitAmountUremesMax = 1000000000000000

	// LimitBatchSequencesMax is in sequences. Sequences of one training step; bounds the activations that any device has to hold.
	LimitBatchSequencesMax = 1024

	// LimitChainIdBytesMax is in bytes. The longest chain id that CometBFT accepts.
	LimitChainIdBytesMax = 50

	// LimitChunksPerRoundMax is in chunks. The sum of a round stays within 32 bits, and one round's audits fit bounded work per block.
	LimitChunksPerRoundMax = 256

	// LimitCidBytes is in bytes. A CIDv1 with a SHA-256 multihash has exactly this length; no other kind is accepted on the chain.
	LimitCidBytes = 36

	// LimitDigestOperations is in operations. Operations whose roots enter an execution digest: enough that they cannot be guessed, few enough that hashing them stays far below the step.
	LimitDigestOperations = 8

	// LimitHeldOutRecordsMax is in records. Every verifier evaluates this sample for every round; enough for a curve, little beside an audit.
	LimitHeldOutRecordsMax = 64

	// LimitLocalStepsMax is in steps. Steps of one chunk: their roots fit one post of a dispute, and an audit of one must be likely to meet a skipped one.
	LimitLocalStepsMax = 256

	// LimitLoraRankMax is in ranks. The largest rank for which every tile of the step program closes within its limits.
	LimitLoraRankMax = 64

	// LimitManifestBytesMax is in bytes. A manifest is read whole before it can be checked.
	LimitManifestBytesMax = 1048576

	// LimitManifestDepthMax is in levels. Readers of nested JSON use stack in proportion to depth.
	LimitManifestDepthMax = 32

	// LimitManifestKeyBytesMax is in bytes. Longest name of a tensor, file or field in a manifest.
	LimitManifestKeyBytesMax = 128

	// LimitMultiproofLeavesMax is in leaves. Leaves of one multiproof; the most that a referee may name as inputs of a tile.
	LimitMultiproofLeavesMax = 4096

	// LimitOperationRecordBytesMax is in bytes. One operation of a step program; it travels in a dispute.
	LimitOperationRecordBytesMax = 1024

	// LimitProgramOperationsMax is in operations. Operations of one step; eight times those of BitNet b1.58 2B4T.
	LimitProgramOperationsMax = 65536

	// LimitProgramTensorsMax is in tensors. Named tensors of one step.
	LimitProgramTensorsMax = 65536

	// LimitRefereeCallsMax is in calls. Stages in which a referee may name its inputs.
	LimitRefereeCallsMax = 4

	// LimitRefereeFuelMax is in fuel units. Work of one call of the referee, the same on every validator.
	LimitRefereeFuelMax = 96000000

	// LimitRefereeModuleBytesMax is in bytes. A referee is stored on the chain and read by every validator.
	LimitRefereeModuleBytesMax = 65536

	// LimitRefereeRangesMax is in ranges. Ranges of leaves that a referee may name as inputs of a tile.
	LimitRefereeRangesMax = 64

	// LimitRefereeRequestBytesMax is in bytes. The request buffer of a referee: inputs, records and table.
	LimitRefereeRequestBytesMax = 167936

	// LimitSafetensorsHeaderBytesMax is in bytes. The table of a checkpoint file; the largest published ones need a tenth of it, and it is parsed whole.
	LimitSafetensorsHeaderBytesMax = 8388608

	// LimitSequenceTokensMax is in tokens. The longest sequence for which the fixed chunks of the step program close within their limits.
	LimitSequenceTokensMax = 4096

	// LimitShardLeafTokens is in tokens. One leaf of a dataset shard: 4 KiB of u32 tokens.
	LimitShardLeafTokens = 1024

	// LimitShardTokensMax is in tokens. 64 MiB of a dataset shard: what one holder encodes, and one request may have to fetch.
	LimitShardTokensMax = 16777216

	// LimitStepConstantsBytesMax is in bytes. Constants of a step that the chain hands to a referee.
	LimitStepConstantsBytesMax = 1024

	// LimitSumInputBytesMax is in bytes. One tile of a sum with what 256 updates say of it: at most 1,324 bytes each, proofs included, for factors of 2^22 elements in tiles of 512.
	LimitSumInputBytesMax = 393216

	// LimitTagBytesMax is in bytes. Longest tag of a hash.
	LimitTagBytesMax = 64

	// LimitTagBytesMin is in bytes. Shortest tag of a hash; keeps the first byte of a tagged preimage apart from the prefixes of trees.
	LimitTagBytesMin = 8

	// LimitTensorDimensionsMax is in dimensions. Every tensor of the step program has at most four.
	LimitTensorDimensionsMax = 4

	// LimitTensorExtentMax is in elements. One dimension of a tensor; its index fits a signed 32-bit integer on every device.
	LimitTensorExtentMax = 2147483647

	// LimitTileExtentMax is in elements. Rows or columns of a tile; a u16 in the header of its leaf.
	LimitTileExtentMax = 65535

	// LimitTileInputBytesMax is in bytes. Inputs of one tile with their proofs: 160 KiB in one transaction, read by every validator.
	LimitTileInputBytesMax = 163840

	// LimitTileMultiplyAddsMax is in multiply-adds. Work of one tile in the referee.
	LimitTileMultiplyAddsMax = 2097152

	// LimitTileOutputBytesMax is in bytes. One output tile; the response buffer of a referee.
	LimitTileOutputBytesMax = 65536

	// LimitTraceChildrenMax is in hashes. Children of a disputed node in one post: 8 KiB, and at most seven moves a side at the largest model.
	LimitTraceChildrenMax = 256

	// LimitTreeDepthMax is in levels. A proof has at most this many hashes.
	LimitTreeDepthMax = 32

	// LimitTreeLeavesMax is in leaves. Slots of a tree of the greatest depth.
	LimitTreeLeavesMax = 4294967296

	// LimitUpdateBytesMax is in bytes. A compressed update; verifiers download every one of a round.
	LimitUpdateBytesMax = 67108864

	// LimitVerifiersMax is in verifiers. Bonded verifiers of an epoch; one beacon value hashes all their reveals.
	LimitVerifiersMax = 1024

	// LimitVerifiersPerAuditMax is in verifiers. Verdicts that settling one submission has to read.
	LimitVerifiersPerAuditMax = 16

	// LimitVocabularyMax is in tokens. A vocabulary column fits the 18 bits that the bounds of the arithmetic assume.
	LimitVocabularyMax = 262144
)

// Limits maps the name of each limit in the table to its value.
var Limits = map[string]uint64{
	"amountUremesMax":           LimitAmountUremesMax,
	"batchSequencesMax":         LimitBatchSequencesMax,
	"chainIdBytesMax":           LimitChainIdBytesMax,
	"chunksPerRoundMax":         LimitChunksPerRoundMax,
	"cidBytes":                  LimitCidBytes,
	"digestOperations":          LimitDigestOperations,
	"heldOutRecordsMax":         LimitHeldOutRecordsMax,
	"localStepsMax":             LimitLocalStepsMax,
	"loraRankMax":               LimitLoraRankMax,
	"manifestBytesMax":          LimitManifestBytesMax,
	"manifestDepthMax":          LimitManifestDepthMax,
	"manifestKeyBytesMax":       LimitManifestKeyBytesMax,
	"multiproofLeavesMax":       LimitMultiproofLeavesMax,
	"operationRecordBytesMax":   LimitOperationRecordBytesMax,
	"programOperationsMax":      LimitProgramOperationsMax,
	"programTensorsMax":         LimitProgramTensorsMax,
	"refereeCallsMax":           LimitRefereeCallsMax,
	"refereeFuelMax":            LimitRefereeFuelMax,
	"refereeModuleBytesMax":     LimitRefereeModuleBytesMax,
	"refereeRangesMax":          LimitRefereeRangesMax,
	"refereeRequestBytesMax":    LimitRefereeRequestBytesMax,
	"safetensorsHeaderBytesMax": LimitSafetensorsHeaderBytesMax,
	"sequenceTokensMax":         LimitSequenceTokensMax,
	"shardLeafTokens":           LimitShardLeafTokens,
	"shardTokensMax":            LimitShardTokensMax,
	"stepConstantsBytesMax":     LimitStepConstantsBytesMax,
	"sumInputBytesMax":          LimitSumInputBytesMax,
	"tagBytesMax":               LimitTagBytesMax,
	"tagBytesMin":               LimitTagBytesMin,
	"tensorDimensionsMax":       LimitTensorDimensionsMax,
	"tensorExtentMax":           LimitTensorExtentMax,
	"tileExtentMax":             LimitTileExtentMax,
	"tileInputBytesMax":         LimitTileInputBytesMax,
	"tileMultiplyAddsMax":       LimitTileMultiplyAddsMax,
	"tileOutputBytesMax":        LimitTileOutputBytesMax,
	"traceChildrenMax":          LimitTraceChildrenMax,
	"treeDepthMax":              LimitTreeDepthMax,
	"treeLeavesMax":             LimitTreeLeavesMax,
	"updateBytesMax":            LimitUpdateBytesMax,
	"verifiersMax":              LimitVerifiersMax,
	"verifiersPerAuditMax":      LimitVerifiersPerAuditMax,
	"vocabularyMax":             LimitVocabularyMax,
}
