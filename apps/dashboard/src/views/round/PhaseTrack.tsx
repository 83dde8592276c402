/** The phases of a round in their order, with the one that it is in. */
import type { Round } from "../../api/records.ts";
import { cn } from "../../components/cn.ts";
import { wordsOf } from "../../format/wordsOf.ts";

const phases = ["waiting", "training", "reveal", "audit", "aggregation", "complete"] as const;

export function PhaseTrack({ round }: { readonly round: Pick<Round, "phase"> }) {
  const ended = round.phase === "carried_over" ? "carried_over" : "complete";
  const shown = [...phases.slice(0, -1), ended];
  const place = shown.indexOf(round.phase);
  return (
    <ol className="grid grid-cols-6 gap-1 text-xs">
      {shown.map((phase, index) => (
        <li
          key={phase}
          aria-current={index === place ? "step" : undefined}
          className={cn(
            "flex min-w-0 border-t-2 pt-1",
            // On a phone the word is wider than its part of the track: the last ones end where it ends.
            index >= shown.length / 2 && "max-sm:justify-end",
            index < place && "border-accent text-ink-soft",
            index === place && "border-accent font-medium text-accent",
            index > place && "border-line text-ink-soft",
          )}
        >
          <span className={cn("sm:truncate max-sm:shrink-0", index !== place && "max-sm:sr-only")}>
            {wordsOf(phase)}
          </span>
        </li>
      ))}
    </ol>
  );
}
