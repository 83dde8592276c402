/** Reads a number of the command line: whole, or a decimal that stays a whole number of small units. */
import { R3mesError } from "@r3mes/protocol";

export type NumberRange = { readonly min: number; readonly max: number };

/** @throws USAGE_INVALID naming the option */
export function readCount(option: string, text: string, { min, max }: NumberRange): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const reason = `${option} is a whole number from ${min} to ${max}, not ${text}`;
  throw new R3mesError({ code: "USAGE_INVALID", reason });
}

/** The same, or undefined where the option was not given. */
export function readCountIfGiven(
  option: string,
  text: string | undefined,
  range: NumberRange,
): number | undefined {
  return text === undefined ? undefined : readCount(option, text, range);
}

/**
 * A decimal in units of 10^-digits, exactly: no floating point comes near it.
 *
 * @param range in these units
 * @throws USAGE_INVALID
 */
export function readDecimal(
  option: string,
  text: string,
  digits: number,
  { min, max }: NumberRange,
): number {
  const [, whole, fraction = ""] = /^(\d{1,6})(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole !== undefined && fraction.length <= digits) {
    const units = Number(whole + fraction.padEnd(digits, "0"));
    if (units >= min && units <= max) return units;
  }
  const unit = 10 ** digits;
  const reason = `${option} is a number from ${min / unit} to ${max / unit} with at most ${digits} decimals, not ${text}`;
  throw new R3mesError({ code: "USAGE_INVALID", reason });
}
