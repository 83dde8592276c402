/** Whether two sums of a round are one. A root that is not known speaks for neither answer. */
import type { Attestation } from "../../api/records.ts";

export type Sum = Pick<Attestation, "root" | "momentumRoot">;

export function comparedSums(own: Sum, other: Sum): "same" | "other" | "unknown" {
  const isKnown = own.momentumRoot !== null && other.momentumRoot !== null;
  if (own.root !== other.root || (isKnown && own.momentumRoot !== other.momentumRoot))
    return "other";
  return isKnown ? "same" : "unknown";
}
