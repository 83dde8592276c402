/** What the sum of a round is made without: the result says so that is adopted, or leads when the round is carried over. */
import { chain } from "@r3mes/database";
import { change, type Place } from "./place.ts";

/** An adopted round says it twice, with its version and with its end: the second time changes nothing. */
export async function leaveOut(
  place: Pick<Place, "rows" | "height">,
  submissions: readonly bigint[],
): Promise<void> {
  for (const id of submissions) {
    await change(place, chain.submissions, { id: Number(id) }, () => ({
      summed: false,
      leftOut: true,
    }));
  }
}
