/** The one door of the package. */

export { exp2n } from "./arithmetic/exponential.ts";
export { SITE } from "./arithmetic/site.ts";
export type { Backend, Observer, RowRange, Session, WeightSource } from "./backends/backend.ts";
export { joinBytes } from "./backends/joinBytes.ts";
export type { InstructionSet, NativeHost } from "./backends/native/host.ts";
export { createNativeBackend, type NativeBackend, type NativeOptions } from "./backends/native.ts";
export { readTensors } from "./backends/readTensors.ts";
export { reference } from "./backends/reference.ts";
export type {
  CrewOptions,
  KernelBuild,
  Kernels,
  Machine,
  RunCommands,
  WasmHost,
  WasmMachine,
} from "./backends/wasm/host.ts";
export { createWasmBackend, type WasmOptions } from "./backends/wasm.ts";
export type { OpenGpu, WebgpuHost } from "./backends/webgpu/host.ts";
export { createWebgpuBackend, type WebgpuBackend, type WebgpuOptions } from "./backends/webgpu.ts";
export { writeTensors } from "./backends/writeTensors.ts";
export { checkInput } from "./program/checkInput.ts";
export { type CheckedBound, checkProgram } from "./program/checkProgram.ts";
export {
  type AddOptions,
  createProgramBuilder,
  type Inputs,
  type Params,
  type ProgramBuilder,
  type TensorId,
} from "./program/createProgramBuilder.ts";
export { type DecodedRecord, decodeRecord } from "./program/decodeRecord.ts";
export {
  type Dtype,
  type Operation,
  type Program,
  type Role,
  STEP,
  type Tensor,
} from "./program/program.ts";
export {
  type ProgramFacts,
  type ProgramOrder,
  programFacts,
  programOrder,
  sourceOf,
  type TensorSource,
} from "./program/programFacts.ts";
export { programWork } from "./program/programWork.ts";
export { encodeRecord, type ProgramRecord, programRoot, recordsOf } from "./program/records.ts";
export {
  type LinearSchedule,
  linearRate,
  type StepSettings,
  stepConstants,
} from "./program/stepConstants.ts";
export { writersOf } from "./program/writersOf.ts";
export {
  type CallReferee,
  executeByReferee,
  type RefereeExecution,
} from "./referee/executeByReferee.ts";
export {
  decodeClosure,
  encodeRefereeRequest,
  type LeafRange,
  type RangeBytes,
  type RefereeRequest,
} from "./referee/refereeRequest.ts";
export { layoutOf, tensorLayout } from "./tensor/layout.ts";
export { blockBytes, packBlock, tensorBytes, unpackBlock, viewInt32s } from "./tensor/storage.ts";
export { tileBytes, tileIndices, tileRegion } from "./tensor/tiles.ts";
export { viewOf } from "./tensor/viewOf.ts";
export { weightBytes } from "./tensor/weightBytes.ts";
export {
  bisect,
  type Difference,
  firstDifference,
  firstSlotThatDiffers,
  nodesBelow,
  type TraceSource,
} from "./trace/bisect.ts";
export { checkSumTiles, sumTileBytes } from "./trace/checkSumTiles.ts";
export { type ClosureInput, closureOf } from "./trace/closureOf.ts";
export { executeTile, type InputTiles } from "./trace/executeTile.ts";
export { type Bands, bandBytes, rootOfBands, slotsOfBands } from "./trace/hashBands.ts";
export {
  executeOpening,
  gatherTiles,
  type OpenedInput,
  openTile,
  type TensorBytes,
  type TensorRoots,
  type TileOpening,
} from "./trace/openTile.ts";
export { type RecordedStep, recordStep } from "./trace/recordStep.ts";
export { stateRootOf, stateTensorRoots, stateTensors } from "./trace/stateRoot.ts";
export { checkTiles, type TileCost, tileCosts } from "./trace/tileCosts.ts";
export { type Trace, traceOfRoots, traceStep } from "./trace/traceStep.ts";
export { rootOfTensor, treeOfTensor } from "./trace/treeOfTensor.ts";
export { aggregate } from "./update/aggregate.ts";
export { compress } from "./update/compress.ts";
export { decodeUpdate } from "./update/decodeUpdate.ts";
export { encodeUpdate } from "./update/encodeUpdate.ts";
export { type OuterSettings, type OuterState, outerStep } from "./update/outerStep.ts";
export {
  type TensorUpdate,
  type Update,
  type UpdateLayout,
  updateScaleMax,
} from "./update/updateLayout.ts";
