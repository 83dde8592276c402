/** How a dispute ended, in one sentence. */
import type { Case } from "../../api/records.ts";

const outcomes: Readonly<Record<string, string>> = {
  convicted:
    "Consensus executed the tile and got other bytes than the accused: the accused was wrong.",
  acquitted:
    "Consensus executed the tile and got the bytes of the accused: the challenger was wrong.",
  defender_silent: "The accused did not move in time and lost.",
  challenger_silent: "The challenger did not move in time and lost.",
  moot: "Another dispute about the same work ended this one.",
  undecided: "The registered module computed no tile: nobody was wrong, and nobody pays.",
};

export function outcomeText({ outcome }: Pick<Case, "outcome">): string {
  if (outcome === null)
    return "It is open: each side has its own clock, and whoever is silent loses.";
  return outcomes[outcome] ?? `It ended as ${outcome}.`;
}
