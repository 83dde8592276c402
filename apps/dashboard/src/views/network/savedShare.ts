/** What sending updates saves against sending gradients, never rounded in our favour. */

/** `99.93 %`, rounded down; null while the size of a gradient is unknown or nothing was sent. */
export function savedShare(sentBytes: string, gradientBytes: string | null): string | null {
  if (gradientBytes === null) return null;
  const [sent, full] = [BigInt(sentBytes), BigInt(gradientBytes)];
  if (full <= 0n || sent <= 0n || sent > full) return null;
  const hundredths = ((full - sent) * 10_000n) / full;
  return `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, "0")} %`;
}
