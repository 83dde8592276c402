/** What the cursor counts of records by a word that each of them has: to count them anew takes longer with every record. */
import { chain, type Tally } from "@r3mes/database";
import { change, type Place } from "./place.ts";

type TallyName = "chunks" | "audits" | "verdicts" | "cases" | "accepted";
/** Null says nothing, and is not counted. */
type Word = string | number | null;

/** A record had one word and has another. */
export async function recount(
  place: Pick<Place, "rows" | "height">,
  name: TallyName,
  before: Word,
  after: Word,
): Promise<void> {
  if (before === after) return;
  await change(place, chain.cursor, { id: 1 }, (cursor) => ({
    [name]: plus(plus(cursor[name], before, -1), after, 1),
  }));
}

function plus(tally: Tally, word: Word, difference: number): Tally {
  if (word === null) return tally;
  const { [word]: counted = 0, ...others } = tally;
  const left = counted + difference;
  return left === 0 ? others : { ...others, [word]: left };
}
