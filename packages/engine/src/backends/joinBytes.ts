/** The bytes of all parts, one behind the other: in `into` if it has their size, else in memory of their own. */
export function joinBytes(parts: readonly Uint8Array[], into?: Uint8Array): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = into?.length === length ? into : new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
