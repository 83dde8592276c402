/**
 * Amounts of money: whole uremes as bigint, checked against the supply cap at every step. Nothing
 * here wraps, clamps or rounds without saying so. spec/encoding.md section 11.
 */
import { assert } from "../errors/assert.ts";
import { R3mesError } from "../errors/R3mesError.ts";
import { LIMITS } from "../gen/limits.ts";

/** An amount from 0 to the supply cap, in uremes. 1 REMES = 1,000,000 uremes. */
export type Uremes = bigint & { readonly __brand: "Uremes" };

export const uremesMax = BigInt(LIMITS.amountUremesMax) as Uremes;

const wholePpm = 1_000_000n;

/** Throws AMOUNT_OUT_OF_RANGE unless the amount lies between 0 and the supply cap. */
export function asUremes(amount: bigint): Uremes {
  if (amount < 0n || amount > uremesMax) {
    throw new R3mesError({ code: "AMOUNT_OUT_OF_RANGE", amount, max: uremesMax });
  }
  return amount as Uremes;
}

export function addUremes(left: Uremes, right: Uremes): Uremes {
  return asUremes(left + right);
}

export function subtractUremes(left: Uremes, right: Uremes): Uremes {
  return asUremes(left - right);
}

/** ⌊amount · numerator / denominator⌋. Throws AMOUNT_OUT_OF_RANGE, also for a denominator below 1. */
export function mulDivFloor(amount: Uremes, numerator: bigint, denominator: bigint): Uremes {
  checkDivisor(amount, denominator);
  // Truncation is the floor here: a negative product is refused by the range in either rounding.
  const product = amount * numerator;
  return asUremes(product < 0n ? product : product / denominator);
}

/** ⌈amount · numerator / denominator⌉. Throws AMOUNT_OUT_OF_RANGE, also for a denominator below 1. */
export function mulDivCeil(amount: Uremes, numerator: bigint, denominator: bigint): Uremes {
  checkDivisor(amount, denominator);
  const product = amount * numerator;
  return asUremes(product < 0n ? product : (product + denominator - 1n) / denominator);
}

function checkDivisor(amount: Uremes, denominator: bigint): void {
  if (denominator < 1n) throw new R3mesError({ code: "AMOUNT_OUT_OF_RANGE", amount, denominator });
}

/** Parts of an amount by shares in ppm that sum to 1,000,000; the last part takes what rounding leaves. */
export function splitUremes(amount: Uremes, sharesPpm: readonly bigint[]): readonly Uremes[] {
  assert(sharesPpm.length > 0, "a split has at least one part");
  assert(
    sharesPpm.every((share) => share >= 0n),
    "shares are not negative",
  );
  assert(sharesPpm.reduce((sum, share) => sum + share, 0n) === wholePpm, "shares sum to 1,000,000");
  const parts = sharesPpm.slice(0, -1).map((share) => mulDivFloor(amount, share, wholePpm));
  const given = parts.reduce((sum, part) => sum + part, 0n);
  return [...parts, asUremes(amount - given)];
}
