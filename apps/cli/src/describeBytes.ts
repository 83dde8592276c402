/** A size as people read it, in binary units. */
export function describeBytes(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB"];
  const unit = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const value = bytes / 2 ** (10 * unit);
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
