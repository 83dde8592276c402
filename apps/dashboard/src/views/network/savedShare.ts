/** What sending an update saves against sending a gradient, never rounded in our favour. */

/** `99.93 %`, rounded down; null while a size is unknown or there is nothing to save. */
export function savedShare(sentBytes: number | null, gradientBytes: number | null): string | null {
  if (sentBytes === null || gradientBytes === null) return null;
  if (sentBytes <= 0 || sentBytes > gradientBytes) return null;
  const [sent, full] = [BigInt(sentBytes), BigInt(gradientBytes)];
  const hundredths = ((full - sent) * 10_000n) / full;
  return `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, "0")} %`;
}
