/** The door for all who compute with a model. What only a conversation needs is behind `chat.ts`, and a tokenizer is loaded when one is opened. */

export {
  type AdapterShape,
  type BitnetShape,
  LINEARS,
  type LinearName,
} from "./bitnet/bitnetShape.ts";
export {
  buildCopyProgram,
  buildDecodeProgram,
  buildForwardProgram,
  buildTrainingProgram,
} from "./bitnet/buildBitnet.ts";
export { initialFactors } from "./bitnet/initialFactors.ts";
export { type RandomCase, randomCase } from "./bitnet/randomCase.ts";
export {
  type TinyTraining,
  type TinyTrainingOptions,
  tinyTraining,
} from "./bitnet/tinyTraining.ts";
export { longSentencesOf, withoutDuplicates } from "./corpus/deduplicate.ts";
export type { SourceDocument } from "./corpus/document.ts";
export { readJargonFile } from "./corpus/jargonFile.ts";
export { readKingJamesBible } from "./corpus/kingJamesBible.ts";
export { oldSpeeches, readSpeeches } from "./corpus/speeches.ts";
export { type CorpusParts, PRETRAINING_SPLIT, splitDocuments } from "./corpus/splitDocuments.ts";
export { buildDataset, DATASET_MANIFEST_FILE } from "./dataset/buildDataset.ts";
export { BUILT_IN_DATASETS } from "./dataset/builtInDatasets.ts";
export {
  type DatasetDescription,
  type DatasetManifest,
  decodeDatasetManifest,
  encodeDatasetManifest,
  type Split,
} from "./dataset/datasetManifest.ts";
export { shardRoot } from "./dataset/shardRoot.ts";
export { readDatasetManifest, readShard, verifyDataset } from "./dataset/verifyDataset.ts";
export { listWeights } from "./model/listWeights.ts";
export {
  BACKBONE_FILE,
  decodeModelManifest,
  encodeModelManifest,
  MODEL_MANIFEST_FILE,
  type ModelManifest,
  TOKENIZER_FILE,
} from "./model/modelManifest.ts";
export { type Backbone, type Model, openBackbone, openModel } from "./model/openModel.ts";
export type { ByteSource } from "./safetensors/byteSource.ts";
export type { ChatMessage, ChatTemplate } from "./tokenizer/createChatPrompt.ts";
export type { TextStream } from "./tokenizer/createTextStream.ts";
export type { Tokenizer } from "./tokenizer/loadTokenizer.ts";
