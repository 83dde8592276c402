/** The one door of the package. */
export { type AdapterTensors, adapterTensors } from "./adapter/adapterTensors.ts";
export { copyFactors } from "./adapter/copyFactors.ts";
export type { ServedAdapter } from "./adapter/servedAdapter.ts";
export { createDecoder } from "./decode/createDecoder.ts";
export { rememberWeights } from "./decode/rememberWeights.ts";
export { type ChosenToken, type Ending, generateTokens } from "./generate/generateTokens.ts";
export type { TokenLogProbability } from "./generate/logProbabilities.ts";
export { type Sampling, sampleToken } from "./generate/sampleToken.ts";
export { outputHash, type ReceiptRequest, requestHash } from "./receipt/answerHashes.ts";
export {
  decodeReceiptFile,
  encodeReceiptFile,
  type ReceiptFile,
  type ReceiptJson,
  receiptHash,
  receiptOf,
} from "./receipt/receipt.ts";
export { checkReceiptFile, receiptSigner, type SignReceipt } from "./receipt/receiptSigner.ts";
export type { AnswerEnd, AnswerEnding, AnswerPiece } from "./serve/answer.ts";
export {
  type AskOptions,
  createInference,
  type Inference,
  type InferenceRequest,
} from "./serve/createInference.ts";
export type { Run } from "./serve/createRuns.ts";
