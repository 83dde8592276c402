/** Amounts as people read and write them: REMES with at most six decimals. */
import { R3mesError } from "../errors/R3mesError.ts";
import { asUremes, type Uremes } from "./uremes.ts";

const decimals = 6;
const uremesPerRemes = 1_000_000n;

/** Ten digits hold the supply cap; longer text is refused before it is converted. */
const spelling = /^(0|[1-9]\d{0,9})(?:\.(\d{1,6}))?$/;

/** Reads `12.5` as 12,500,000 uremes. Throws AMOUNT_INVALID or AMOUNT_OUT_OF_RANGE. */
export function parseRemes(text: string): Uremes {
  const match = spelling.exec(text);
  if (match === null) throw new R3mesError({ code: "AMOUNT_INVALID", text: text.slice(0, 64) });
  const fraction = (match[2] ?? "").padEnd(decimals, "0");
  return asUremes(BigInt(match[1]!) * uremesPerRemes + BigInt(fraction));
}

/** The shortest text that `parseRemes` reads as this amount. */
export function formatRemes(amount: Uremes): string {
  const checked = asUremes(amount);
  const whole = checked / uremesPerRemes;
  const fraction = (checked % uremesPerRemes).toString().padStart(decimals, "0").replace(/0+$/, "");
  return fraction === "" ? whole.toString() : `${whole}.${fraction}`;
}
