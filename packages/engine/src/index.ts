/** The one door of the package. */

export { SITE } from "./arithmetic/site.ts";
export type { Backend, Observer, Session, WeightSource } from "./backends/backend.ts";
export { reference } from "./backends/reference.ts";
export { type CheckedBound, checkProgram } from "./program/checkProgram.ts";
export {
  type AddOptions,
  createProgramBuilder,
  type Inputs,
  type Params,
  type ProgramBuilder,
  type TensorId,
} from "./program/createProgramBuilder.ts";
export {
  type Dtype,
  type Operation,
  type Program,
  type Role,
  STEP,
  type Tensor,
} from "./program/program.ts";
export { blockBytes, packBlock, tensorBytes, unpackBlock } from "./tensor/storage.ts";
