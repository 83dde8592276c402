/**
 * Weights that are read and checked once, however many programs ask for them. A model that is larger than the room is read again
 * each time: then a copy in memory would cost more than the check.
 */
import type { WeightSource } from "@r3mes/engine";

/** @param options.modelBytes of all weights */
export function rememberWeights(
  weights: WeightSource,
  options: { readonly modelBytes: number; readonly bytesMax: number },
): WeightSource {
  if (options.modelBytes > options.bytesMax) return weights;
  const known = new Map<string, Promise<Uint8Array>>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const bytes = (async () => weights(name))();
    known.set(name, bytes);
    // The next one who asks tries again.
    bytes.catch(() => known.delete(name));
    return bytes;
  };
}
