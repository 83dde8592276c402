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
export { type Shards, shardsOfChunk } from "./chunk/chunkRecords.ts";
export type { CaseFacts } from "./dispute/caseFacts.ts";
export type { Claim, Stage } from "./dispute/claim.ts";
export { executionOfTile, inputsOfRecord } from "./dispute/executionOfTile.ts";
export { type DisputeCase, executeTile } from "./dispute/judgeCase.ts";
export type { ListItem, TileExecution, TracePost } from "./dispute/moves.ts";
export { pinpointOperation, pinpointStep, pinpointTile } from "./dispute/pinpoint.ts";
export { postOperations, postSteps, postTiles, treeOfItems } from "./dispute/postTrace.ts";
export {
  type DisputedStep,
  givenTensors,
  type StepTrace,
  traceDisputedStep,
} from "./dispute/stepTrace.ts";
export {
  executionOfSum,
  pinpointSumTensor,
  pinpointSumTile,
  postSumTensors,
  postSumTiles,
  type Sum,
  type SummedRound,
  type SumPart,
  sumOf,
} from "./dispute/sumCase.ts";
export { type PostedNodes, treeAsPosted } from "./dispute/treeAsPosted.ts";
export {
  executionOfUpdate,
  pinpointSigns,
  pinpointSums,
  pinpointTensor,
  postSigns,
  postSums,
  postTensors,
  updateClaimOf,
  updateLists,
} from "./dispute/updateCase.ts";
export {
  type ContentSource,
  createPoolReader,
  type OpenedPool,
  openPool,
  type PoolReader,
  type PoolRecords,
  planOfPool,
} from "./pool/openPool.ts";
export { factorTensors, type TrainingPlan, updateLayoutOf } from "./pool/trainingPlan.ts";
export {
  type ChunkState,
  decodeState,
  decodeStateOf,
  encodeState,
  factorsOf,
  firstState,
  readState,
  rootOfAdapter,
  rootOfState,
  stateBytes,
  writeState,
} from "./step/chunkState.ts";
export { rootOfAdapterFile } from "./step/rootOfAdapterFile.ts";
export { rootOfMomenta } from "./step/rootOfMomenta.ts";
export { rootOfUpdate } from "./step/rootOfUpdate.ts";
export { batchBytes, constantsOfStep, type LeasedChunk, runStep } from "./step/runStep.ts";
export { stateAfter } from "./step/stateAfter.ts";
export {
  type ChunkStart,
  placeOf,
  type ShownStep,
  type TrainedChunk,
  trainChunk,
  updateOf,
} from "./step/trainChunk.ts";
export { openStep } from "./submission/openStep.ts";
export {
  type AuditedWork,
  type AuditResult,
  auditSubmission,
  verdictOf,
  withReplay,
} from "./verification/auditSubmission.ts";
