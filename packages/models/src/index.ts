/** The one door of the package. */

export {
  type AdapterShape,
  type BitnetShape,
  LINEARS,
  type LinearName,
  linearSize,
} from "./bitnet/bitnetShape.ts";
export {
  buildCopyProgram,
  buildDecodeProgram,
  buildForwardProgram,
  buildTrainingProgram,
  type ForwardOptions,
  type TrainingOptions,
} from "./bitnet/buildBitnet.ts";
export { initialFactors } from "./bitnet/initialFactors.ts";
export { type RandomCase, randomCase } from "./bitnet/randomCase.ts";
export {
  TINY_ADAPTER,
  TINY_SHAPE,
  type TinyTraining,
  type TinyTrainingOptions,
  tinyTraining,
} from "./bitnet/tinyTraining.ts";
export { tinyWeights } from "./bitnet/tinyWeights.ts";
export {
  type ImportDeps,
  type ImportedModel,
  type ImportOptions,
  importCheckpoint,
} from "./checkpoint/importCheckpoint.ts";
export {
  type Checkpoint,
  type CheckpointFiles,
  openCheckpoint,
  type StoredTensor,
} from "./checkpoint/openCheckpoint.ts";
export type { CheckpointConfig, WeightForm } from "./checkpoint/readCheckpointConfig.ts";
export { cleanText } from "./corpus/cleanText.ts";
export { longSentencesOf, withoutDuplicates, withoutSentences } from "./corpus/deduplicate.ts";
export type { SourceDocument, SourceFile } from "./corpus/document.ts";
export { readJargonFile } from "./corpus/jargonFile.ts";
export { readKingJamesBible } from "./corpus/kingJamesBible.ts";
export { oldSpeeches, readSpeeches, type Speech } from "./corpus/speeches.ts";
export {
  type CorpusParts,
  DOMAIN_SPLIT,
  PRETRAINING_SPLIT,
  type SplitRule,
  splitDocuments,
} from "./corpus/splitDocuments.ts";
export {
  type BuildDatasetOptions,
  type BuiltDataset,
  buildDataset,
  DATASET_MANIFEST_FILE,
} from "./dataset/buildDataset.ts";
export {
  BUILT_IN_DATASETS,
  type BuiltInDataset,
  readBuiltInDataset,
} from "./dataset/builtInDatasets.ts";
export {
  type DatasetDescription,
  type DatasetManifest,
  decodeDatasetManifest,
  encodeDatasetManifest,
  type Shard,
  type Split,
  type SplitCounts,
} from "./dataset/datasetManifest.ts";
export { readOwnText, type TextFile } from "./dataset/readOwnText.ts";
export { shardRoot } from "./dataset/shardRoot.ts";
export {
  type DatasetFiles,
  readDatasetManifest,
  readShard,
  type VerifyDatasetOptions,
  verifyDataset,
} from "./dataset/verifyDataset.ts";
export { listWeights, type Weight } from "./model/listWeights.ts";
export {
  BACKBONE_FILE,
  decodeModelManifest,
  encodeModelManifest,
  MODEL_MANIFEST_FILE,
  type ModelDescription,
  type ModelManifest,
  TOKENIZER_FILE,
} from "./model/modelManifest.ts";
export { type Model, type ModelFiles, openModel } from "./model/openModel.ts";
export type { ByteSource } from "./safetensors/byteSource.ts";
export { ELEMENT_BYTES, type ElementType } from "./safetensors/elementBytes.ts";
export { readSafetensorsHeader, type TensorEntry } from "./safetensors/readSafetensorsHeader.ts";
export {
  type ChatMessage,
  type ChatPrompt,
  type ChatTemplate,
  createChatPrompt,
} from "./tokenizer/createChatPrompt.ts";
export { createTextStream, type TextStream } from "./tokenizer/createTextStream.ts";
export { loadTokenizer, type Tokenizer } from "./tokenizer/loadTokenizer.ts";
