/**
 * A receipt binds an answer to the weights that gave it, so that anyone who has them can compute it again. Its file also holds what
 * was asked and answered, in tokens, which only the one who asked needs to have. Source: spec/inference.md.
 */
import { fromHex, type Hash, R3mesError, taggedHash, toHex } from "@r3mes/protocol";
import {
  ANSWER_ENDINGS,
  type AnswerOutput,
  outputHash,
  type ReceiptRequest,
  requestHash,
} from "./answerHashes.ts";

export interface Receipt {
  /** Root of the backbone. */
  readonly model: Uint8Array;
  /** Root of the adapter; absent if the backbone answered alone. */
  readonly adapter?: Uint8Array;
  /** SHA-256 of the tokenizer's file. */
  readonly tokenizer: Uint8Array;
  readonly request: Uint8Array;
  readonly output: Uint8Array;
}

export interface SignedReceipt extends Receipt {
  /** The provider's public key, compressed, 33 bytes. */
  readonly provider: Uint8Array;
  /** Of the receipt's hash: r and s, 64 bytes. */
  readonly signature: Uint8Array;
}

export interface ReceiptFile extends SignedReceipt {
  readonly asked: ReceiptRequest;
  readonly answered: AnswerOutput;
}

export const RECEIPT_FORMAT = "remes/receipt/1";

export function receiptHash(receipt: Receipt): Hash {
  return taggedHash(RECEIPT_FORMAT, (fields) =>
    fields
      .hash(receipt.model)
      .optional(receipt.adapter, (writer, root) => writer.hash(root))
      .hash(receipt.tokenizer)
      .hash(receipt.request)
      .hash(receipt.output),
  );
}

/** The receipt of an answer, without the provider's word. */
export function receiptOf(
  weights: Pick<Receipt, "model" | "adapter" | "tokenizer">,
  asked: ReceiptRequest,
  answered: AnswerOutput,
): Receipt {
  return { ...weights, request: requestHash(asked), output: outputHash(answered) };
}

/** The form in which a receipt travels: JSON, bytes as hex. */
export function encodeReceiptFile(file: ReceiptFile) {
  const { prompt, tokensMax, sampling, stop } = file.asked;
  return {
    format: RECEIPT_FORMAT as typeof RECEIPT_FORMAT,
    model: toHex(file.model),
    ...(file.adapter === undefined ? {} : { adapter: toHex(file.adapter) }),
    tokenizer: toHex(file.tokenizer),
    request: toHex(file.request),
    output: toHex(file.output),
    provider: toHex(file.provider),
    signature: toHex(file.signature),
    asked: {
      prompt: [...prompt],
      tokensMax,
      temperature: sampling.temperature,
      topP: sampling.topP,
      seed: [sampling.seed.low, sampling.seed.high],
      stop: [...stop],
    },
    answered: { tokens: [...file.answered.tokens], ending: file.answered.ending },
  };
}

export type ReceiptJson = ReturnType<typeof encodeReceiptFile>;

/** @throws RECEIPT_INVALID naming the field that is missing or has another form */
export function decodeReceiptFile(json: unknown): ReceiptFile {
  const file = recordOf(json, "receipt");
  check(file.format === RECEIPT_FORMAT, "format");
  const asked = recordOf(file.asked, "asked");
  const answered = recordOf(file.answered, "answered");
  const ending = ANSWER_ENDINGS.find((name) => name === answered.ending);
  check(ending !== undefined, "answered.ending");
  const seed = wordsOf(asked.seed, "asked.seed");
  check(seed.length === 2, "asked.seed");
  const { stop } = asked;
  check(Array.isArray(stop) && stop.every((text) => typeof text === "string"), "asked.stop");
  const bytes = (field: string, length: number) => bytesOf(file[field], field, length);
  return {
    model: bytes("model", 32),
    ...(file.adapter === undefined ? {} : { adapter: bytes("adapter", 32) }),
    tokenizer: bytes("tokenizer", 32),
    request: bytes("request", 32),
    output: bytes("output", 32),
    provider: bytes("provider", 33),
    signature: bytes("signature", 64),
    asked: {
      prompt: wordsOf(asked.prompt, "asked.prompt"),
      tokensMax: wordOf(asked.tokensMax, "asked.tokensMax"),
      sampling: {
        temperature: wordOf(asked.temperature, "asked.temperature"),
        topP: wordOf(asked.topP, "asked.topP"),
        seed: { low: seed[0]!, high: seed[1]! },
      },
      stop: stop as string[],
    },
    answered: { tokens: wordsOf(answered.tokens, "answered.tokens"), ending: ending! },
  };
}

function check(holds: boolean, field: string): void {
  if (!holds) throw new R3mesError({ code: "RECEIPT_INVALID", field });
}

function recordOf(value: unknown, field: string): { readonly [name: string]: unknown } {
  check(typeof value === "object" && value !== null && !Array.isArray(value), field);
  return value as { readonly [name: string]: unknown };
}

function wordOf(value: unknown, field: string): number {
  check(Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32, field);
  return value as number;
}

function wordsOf(value: unknown, field: string): number[] {
  check(Array.isArray(value), field);
  return (value as unknown[]).map((word) => wordOf(word, field));
}

function bytesOf(value: unknown, field: string, length: number): Uint8Array {
  const isHex = typeof value === "string" && /^([0-9a-f]{2})*$/.test(value);
  check(isHex && value.length === 2 * length, field);
  return fromHex(value as string);
}
