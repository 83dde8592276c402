/** The one door of the package. */
export { toHex } from "./encoding/hex.ts";
export { errorCodeOfChain } from "./errors/errorCodeOfChain.ts";
export {
  type ErrorReport,
  type Fact,
  type Facts,
  R3mesError,
  type ReportedFact,
} from "./errors/R3mesError.ts";
export { ERRORS, type ErrorCode, type ErrorEntry } from "./gen/errors.ts";
