/** Large counts in three digits and a prefix; the exact count belongs beside or under it. */

const prefixes = ["", "k", "M", "G", "T", "P", "E"] as const;
const binaryPrefixes = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] as const;

/** `12345678` is `12.3 M`, rounded down in its last digit. */
export function scaledCount(value: bigint | string | number): string {
  const { digits, power } = scale(BigInt(value), 1000n);
  return `${digits}${power === 0 ? "" : ` ${prefixes[power]}`}`;
}

/** `1536` is `1.50 KiB`. */
export function scaledBytes(value: bigint | string | number): string {
  const { digits, power } = scale(BigInt(value), 1024n);
  return `${digits} ${binaryPrefixes[power]}`;
}

function scale(value: bigint, base: bigint): { digits: string; power: number } {
  const sign = value < 0n ? "−" : "";
  let whole = value < 0n ? -value : value;
  let unit = 1n;
  let power = 0;
  const all = whole;
  while (whole >= base && power < prefixes.length - 1) {
    whole /= base;
    unit *= base;
    power += 1;
  }
  if (power === 0) return { digits: `${sign}${whole}`, power };
  const decimals = whole >= 100n ? 0 : whole >= 10n ? 1 : 2;
  const scaled = ((all % unit) * 10n ** BigInt(decimals)) / unit;
  const fraction = decimals === 0 ? "" : `.${scaled.toString().padStart(decimals, "0")}`;
  return { digits: `${sign}${whole}${fraction}`, power };
}
