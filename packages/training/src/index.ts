/** The one door of the package. */
export {
  type Adapter,
  adapterBytes,
  decodeAdapter,
  encodeAdapter,
  freshAdapter,
} from "./adapter/adapter.ts";
export { aggregateRound } from "./aggregation/aggregateRound.ts";
export { heldOutLoss, heldOutSample } from "./aggregation/heldOutLoss.ts";
export {
  batchOfStep,
  chunksOf,
  recordsOfStep,
  type Shards,
  shardsOfChunk,
} from "./chunk/chunkRecords.ts";
export {
  type ContentSource,
  type OpenedPool,
  openPool,
  type PoolRecords,
} from "./pool/openPool.ts";
export {
  factorTensors,
  learningRateOf,
  type TrainingPlan,
  updateLayoutOf,
} from "./pool/trainingPlan.ts";
export {
  type ChunkState,
  decodeState,
  encodeState,
  factorsOf,
  firstState,
  readState,
  rootOfAdapter,
  rootOfState,
  stateBytes,
  writeState,
} from "./step/chunkState.ts";
export { type ChunkTask, runStep } from "./step/runStep.ts";
export {
  placeOf,
  type TrainChunkOptions,
  type TrainedChunk,
  trainChunk,
  updateOf,
} from "./step/trainChunk.ts";
export { openedItems, openStep, type StepOpening } from "./submission/openStep.ts";
export {
  type AuditedWork,
  type AuditOptions,
  type AuditResult,
  auditSubmission,
  type Fault,
} from "./verification/auditSubmission.ts";
