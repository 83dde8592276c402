/** Amounts of money: uremes in, REMES out, exact to the last of the six decimals. */
import { groupDigits } from "./groupDigits.ts";

const uremesPerRemes = 1_000_000n;

/** `1234500000` uremes is `1,234.5 REMES`; an amount may be negative where it stands for a fine. */
export function remesText(uremes: bigint | string): string {
  return `${remesNumber(uremes)} REMES`;
}

/** The same without its unit, for a place that names it once. */
export function remesNumber(uremes: bigint | string): string {
  const amount = BigInt(uremes);
  const magnitude = amount < 0n ? -amount : amount;
  const fraction = (magnitude % uremesPerRemes).toString().padStart(6, "0").replace(/0+$/, "");
  const whole = groupDigits(magnitude / uremesPerRemes);
  return `${amount < 0n ? "−" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** `55.677730` in two parts: what says something, `55.67773`, and the zeros that bring it to six decimals, `0`. */
export function remesDecimals(uremes: bigint | string): {
  readonly told: string;
  readonly zeros: string;
} {
  const told = remesNumber(uremes);
  const decimals = told.split(".")[1]?.length;
  const zeros = decimals === undefined ? ".000000" : "0".repeat(6 - decimals);
  return { told, zeros };
}
