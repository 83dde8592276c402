/** The one door of the package. */

export { exp2n } from "./arithmetic/exponential.ts";
export { SITE } from "./arithmetic/site.ts";
export type {
  Backend,
  Member,
  Observer,
  RowRange,
  Session,
  SharedBackend,
  WeightSource,
} from "./backends/backend.ts";
export { joinBytes } from "./backends/joinBytes.ts";
export type { NativeHost } from "./backends/native/host.ts";
export { createNativeBackend } from "./backends/native.ts";
export { readTensors } from "./backends/readTensors.ts";
export { reference } from "./backends/reference.ts";
export { sharedBackend } from "./backends/sharedBackend.ts";
export type { KernelBuild, Machine, WasmHost } from "./backends/wasm/host.ts";
export { createWasmBackend } from "./backends/wasm.ts";
export { createWebgpuBackend } from "./backends/webgpu.ts";
export { writeTensors } from "./backends/writeTensors.ts";
export {
  createProgramBuilder,
  type Inputs,
  type Params,
  type ProgramBuilder,
  type TensorId,
} from "./program/createProgramBuilder.ts";
export { decodeRecord } from "./program/decodeRecord.ts";
export type { Dtype, Operation, Program, Tensor } from "./program/program.ts";
export {
  type ProgramFacts,
  type ProgramOrder,
  programFacts,
  programOrder,
  sourceOf,
} from "./program/programFacts.ts";
export { programWork } from "./program/programWork.ts";
export { encodeRecord, type ProgramRecord, programRoot, recordsOf } from "./program/records.ts";
export { linearRate, stepConstants } from "./program/stepConstants.ts";
export { writersOf } from "./program/writersOf.ts";
export { type CallReferee, executeByReferee } from "./referee/executeByReferee.ts";
export {
  decodeClosure,
  encodeRefereeRequest,
  type LeafRange,
  type RangeBytes,
} from "./referee/refereeRequest.ts";
export { layoutOf, tensorLayout } from "./tensor/layout.ts";
export { blockBytes, packBlock, tensorBytes, unpackBlock, viewInt32s } from "./tensor/storage.ts";
export { tileBytes, tileIndices, tileRegion } from "./tensor/tiles.ts";
export { weightBytes } from "./tensor/weightBytes.ts";
export { firstDifference, nodesBelow } from "./trace/bisect.ts";
export { executeTile, type InputTiles } from "./trace/executeTile.ts";
export { bandBytes, rootOfBands } from "./trace/hashBands.ts";
export { gatherTiles } from "./trace/openTile.ts";
export { type RecordedStep, recordStep } from "./trace/recordStep.ts";
export { stateRootOf, stateTensorRoots, stateTensors } from "./trace/stateRoot.ts";
export { type Trace, traceOfRoots } from "./trace/traceStep.ts";
export { rootOfTensor, treeOfTensor } from "./trace/treeOfTensor.ts";
export { aggregate } from "./update/aggregate.ts";
export { compress } from "./update/compress.ts";
export { decodeUpdate } from "./update/decodeUpdate.ts";
export { encodeUpdate } from "./update/encodeUpdate.ts";
export { type OuterSettings, outerStep } from "./update/outerStep.ts";
export {
  type TensorUpdate,
  type Update,
  type UpdateLayout,
  updateScaleMax,
} from "./update/updateLayout.ts";
