/** From the numbers of a request to the integers of the sampler (spec/inference.md). */
import type { Sampling } from "@r3mes/inference";
import type { Randomness } from "@r3mes/service";

export interface SamplingFields {
  readonly temperature?: number | null | undefined;
  readonly top_p?: number | null | undefined;
  readonly seed?: number | null | undefined;
  readonly stop?: string | readonly string[] | null | undefined;
}

export function samplingOf(fields: SamplingFields, randomness: Randomness): Sampling {
  return {
    temperature: Math.round(1_000 * (fields.temperature ?? 1)),
    // At least the likeliest token is always drawn from.
    topP: Math.max(1, Math.round(1_000_000 * (fields.top_p ?? 1))),
    seed: seedOf(fields.seed ?? undefined, randomness),
  };
}

export function stopOf({ stop }: SamplingFields): readonly string[] {
  const sequences = typeof stop === "string" ? [stop] : (stop ?? []);
  return sequences.map((sequence) => sequence.toWellFormed());
}

/** A whole number as 64 bits in two's complement; without one, random bits, which the receipt shows. */
function seedOf(seed: number | undefined, randomness: Randomness): Sampling["seed"] {
  if (seed === undefined) {
    const view = new DataView(randomness.bytes(8).buffer);
    return { low: view.getUint32(0), high: view.getUint32(4) };
  }
  const bits = BigInt.asUintN(64, BigInt(seed));
  return { low: Number(bits & 0xffff_ffffn), high: Number(bits >> 32n) };
}
