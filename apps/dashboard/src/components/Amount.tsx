/** An amount in a table, in REMES: all six decimals, so that they stand under each other. Zeros that only fill them are soft, and a phone has no room for them. */
import { remesDecimals } from "../format/remesText.ts";

export function Amount({ uremes }: { readonly uremes: bigint | string }) {
  const { told, zeros } = remesDecimals(uremes);
  return (
    <span className="whitespace-nowrap">
      {told}
      <span className="text-ink-soft max-sm:hidden">{zeros}</span>
    </span>
  );
}
