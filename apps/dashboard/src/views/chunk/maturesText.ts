/** When work matures that has not: the chain tells the height of it only when it is there. */
import type { Submission } from "../../api/records.ts";
import { isLost } from "./isLost.ts";

export function maturesText(work: Pick<Submission, "status">): string {
  if (isLost(work)) return "never";
  return work.status === "accepted"
    ? "when its time for challenges has passed"
    : "some time after it is accepted";
}
