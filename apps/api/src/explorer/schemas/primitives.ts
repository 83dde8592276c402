/** The values that records are made of: 64-bit sums are decimal strings, bytes are lower-case hexadecimal, heights are numbers. */
import { z } from "zod";

export const height = z.number().int().nonnegative().describe("Height of a block.");
export const timeMs = z
  .number()
  .int()
  .describe("Time of the block, in milliseconds since 1970, as its proposer and voters say.");
export const number = z.number().int().nonnegative();
/** A number in an address or a query: one that the chain counts in 64 bits. */
export const queryNumber = z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
/** The most that a column of 32 bits holds. */
export const countMax = 2 ** 31 - 1;
/** One that it counts in 32 bits. */
export const queryCount = z.coerce.number().int().nonnegative().max(countMax);
export const amount = z
  .string()
  .regex(/^-?\d+$/)
  .describe("In uremes, millionths of a REMES, as a decimal string.");
export const sum64 = z
  .string()
  .regex(/^-?\d+$/)
  .describe("A whole number as a decimal string, since it may pass 2^53.");
export const hash = z.string().describe("Lower-case hexadecimal.");
export const momentumRoot = hash.describe(
  "Root of the momenta of the outer step, lower-case hexadecimal; null if the chain did not say it.",
);
export const cid = z.string().describe("Address of content, a CIDv1 in base32.");
export const address = z.string().describe("A remes1… address.");
export const text = z.string().describe("Text as somebody wrote it: never to be interpreted.");
export const loss = sum64.describe(
  "Sum over the held-out sample, in 1/65536 bit; divide by 65536 and the sample's predicted tokens for bits per token.",
);

export const roundPhase = z.enum([
  "waiting",
  "training",
  "reveal",
  "audit",
  "aggregation",
  "complete",
  "carried_over",
]);
export const submissionStatus = z.enum([
  "committed",
  "revealed",
  "drawn",
  "audited",
  "accepted",
  "uncounted",
  "disputed",
  "faulty",
  "mature",
]);
export const chunkStatus = z.enum(["leased", "expired", ...submissionStatus.options]);
export const adapterStatus = z.enum(["provisional", "mature", "recalled"]);
export const poolStatus = z.enum(["open", "closing", "closed"]);
export const registryStatus = z.enum(["proposed", "approved", "retired"]);
export const role = z.enum(["miner", "verifier", "storage_provider", "inference_provider"]);
export const payRole = z.enum(["miner", "verifier", "data_provider"]);
export const verdict = z.enum(["valid", "invalid", "cannot_check", "update_invalid"]);
export const auditPhase = z.enum(["opening", "commit", "reveal", "settled"]);
