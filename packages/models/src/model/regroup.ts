/**
 * Pieces of any size as pieces of one size, the last of which may be smaller. Each is valid until the next one is asked for.
 *
 * @param size at least 1
 */
export async function* regroup(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array> {
  let group = new Uint8Array(0);
  let filled = 0;
  for await (const piece of pieces) {
    for (let taken = 0; taken < piece.length; ) {
      const part = piece.subarray(taken, taken + size - filled);
      taken += part.length;
      // A piece that holds whole groups needs no copy.
      if (part.length === size) {
        yield part;
        continue;
      }
      if (group.length === 0) group = new Uint8Array(size);
      group.set(part, filled);
      filled += part.length;
      if (filled < size) continue;
      yield group;
      filled = 0;
    }
  }
  if (filled > 0) yield group.subarray(0, filled);
}
