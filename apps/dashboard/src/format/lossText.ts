/**
 * Losses: the chain keeps a sum in bits with 16 fraction bits; people compare bits per token. The
 * division happens here and only here, for the eye, and its result is never sent anywhere.
 */
import { groupDigits } from "./groupDigits.ts";

const fractionBits = 16;

/** Bits per token of a loss sum over `tokens` predictions, or null while that number is unknown. */
export function bitsPerToken(lossSum: bigint | string, tokens: number | null): number | null {
  if (tokens === null || tokens <= 0) return null;
  // The quotient is brought below 2^53 before it becomes a number: six decimals are kept.
  const millionths = (BigInt(lossSum) * 1_000_000n) / (BigInt(tokens) << BigInt(fractionBits));
  return Number(millionths) / 1_000_000;
}

/** `4.2137 bits/token`, or the sum where the number of tokens is not known yet. */
export function lossText(lossSum: bigint | string, tokens: number | null): string {
  const loss = bitsPerToken(lossSum, tokens);
  if (loss !== null) return `${loss.toFixed(4)} bits/token`;
  return `${groupDigits(BigInt(lossSum) >> BigInt(fractionBits))} bits over the whole sample`;
}

/** How far a loss lies from another, in per cent with its sign: `−3.20 %`. */
export function changeText(from: bigint | string, to: bigint | string): string {
  const start = BigInt(from);
  if (start <= 0n) return "unknown";
  const hundredths = ((BigInt(to) - start) * 10_000n) / start;
  const magnitude = hundredths < 0n ? -hundredths : hundredths;
  const sign = hundredths < 0n ? "−" : hundredths > 0n ? "+" : "±";
  return `${sign}${magnitude / 100n}.${(magnitude % 100n).toString().padStart(2, "0")} %`;
}
