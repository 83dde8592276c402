/** The one door of the package. */
export {
  type AddressText,
  addressOfPublicKey,
  decodeAddress,
  encodeAddress,
} from "./address/address.ts";
export { formatRemes, parseRemes } from "./amount/remesText.ts";
export {
  addUremes,
  asUremes,
  mulDivCeil,
  mulDivFloor,
  splitUremes,
  subtractUremes,
  type Uremes,
  uremesMax,
} from "./amount/uremes.ts";
export {
  type BatchShape,
  datasetChunks,
  datasetRecords,
  type RecordPlace,
  recordPlace,
} from "./chunk/records.ts";
export { beaconCommitment } from "./commitment/beaconCommitment.ts";
export { beaconValue } from "./commitment/beaconValue.ts";
export { type Execution, executionDigest } from "./commitment/executionDigest.ts";
export { type SubmissionSecret, submissionCommitment } from "./commitment/submissionCommitment.ts";
export {
  VERDICTS,
  type Verdict,
  type VerdictSecret,
  verdictCommitment,
} from "./commitment/verdictCommitment.ts";
export { createReader, type Reader } from "./encoding/createReader.ts";
export { createWriter, type Writer } from "./encoding/createWriter.ts";
export { fromHex } from "./encoding/fromHex.ts";
export {
  decodeManifest,
  encodeManifest,
  type Manifest,
  manifestHash,
} from "./encoding/manifest.ts";
export { toHex } from "./encoding/toHex.ts";
export { decodeUtf8, encodeUtf8 } from "./encoding/utf8.ts";
export { assert } from "./errors/assert.ts";
export { errorCodeOfChain } from "./errors/errorCodeOfChain.ts";
export {
  type ErrorReport,
  type Fact,
  type Facts,
  R3mesError,
  type ReportedFact,
} from "./errors/R3mesError.ts";
export { reportOf } from "./errors/reportOf.ts";
export { ERRORS, type ErrorCode } from "./gen/errors.ts";
export { LIMITS } from "./gen/limits.ts";
export { asHash, type Hash, hashBytes } from "./hash/asHash.ts";
export { equalBytes } from "./hash/equalBytes.ts";
export { hashEach } from "./hash/hashEach.ts";
export { type Sha256, sha256 } from "./hash/sha256.ts";
export { type Tag, taggedHash } from "./hash/taggedHash.ts";
export { checkLimit } from "./limits/checkLimit.ts";
export { buildTree, type Tree, treeNode, treeTop } from "./merkle/buildTree.ts";
export { createTreeBuilder } from "./merkle/createTreeBuilder.ts";
export { levelAbove } from "./merkle/levelAbove.ts";
export { listRoot, listRootOfTree } from "./merkle/listRoot.ts";
export { proveSlots, treeOfMultiproof } from "./merkle/multiproof.ts";
export { proveSlot, treeOfProof } from "./merkle/proof.ts";
export {
  adapterRoot,
  backboneRoot,
  datasetRoot,
  momentumRoot,
  operationRoot,
  programRoot,
  type StatePlace,
  stateRoot,
  stateRootOfTree,
  stepsRoot,
  submissionsRoot,
  traceRoot,
  type UpdateItem,
  updateItem,
  updateRoot,
  updateSlot,
} from "./merkle/roots.ts";
export {
  ELEMENT_TYPES,
  type ElementType,
  type TensorLayout,
  tensorDepth,
  tensorGrid,
  tileBytes,
  tileIndex,
  tilePosition,
} from "./merkle/tensorLayout.ts";
export { tensorRoot, tensorRootOfTree, tensorTree } from "./merkle/tensorRoot.ts";
export { tileSlot } from "./merkle/tileSlot.ts";
export type { Tiling } from "./merkle/tiling.ts";
export { treeDepth } from "./merkle/treeDepth.ts";
export { emptyHash, leafHash, leafHashes, nodeHash } from "./merkle/treeHashes.ts";
export { verifyListItem, verifyListItems } from "./merkle/verifyListItems.ts";
export { verifyTile, verifyTiles } from "./merkle/verifyTiles.ts";
export {
  auditedOperations,
  auditedStep,
  auditReplays,
  auditVerifiers,
} from "./random/auditDraws.ts";
export { type NoiseSeed, noise, noiseSeed } from "./random/noise.ts";
export { draw, shuffled } from "./random/shuffle.ts";
export { uniform } from "./random/uniform.ts";
export {
  auditQuestionSeed,
  auditSeed,
  chunkSeed,
  queueSeed,
  roundSeed,
  stepSeed,
} from "./seed/seeds.ts";
