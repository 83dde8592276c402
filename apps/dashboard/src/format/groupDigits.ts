/** Whole numbers as people read them: digits in threes, with commas on every machine. Never a float. */

export function groupDigits(value: bigint | number | string): string {
  const text = BigInt(value).toString();
  return text.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}
