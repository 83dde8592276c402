/** What sending an update for a chunk saves against sending one gradient, never rounded in our favour. */
import type { PoolMeasures } from "../../api/records.ts";

/** `99.93 %`, rounded down; null while a size is unknown or there is nothing to save. */
export function savedShare(
  { sampled, bytes }: PoolMeasures["updates"],
  gradientBytes: string | null,
): string | null {
  if (gradientBytes === null || sampled === 0) return null;
  const [sent, full] = [BigInt(bytes), BigInt(gradientBytes) * BigInt(sampled)];
  if (sent <= 0n || sent > full) return null;
  const hundredths = ((full - sent) * 10_000n) / full;
  return `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, "0")} %`;
}
