/** Counts by state, as rows with a bar: the number is the message, the bar only compares. */
import { Chip } from "../components/Chip.tsx";
import { countText } from "../format/countText.ts";

export function CountBars({
  counts,
  label,
  unit,
  order,
}: {
  readonly counts: Readonly<Record<string, number>>;
  readonly label: string;
  /** The word for one of what is counted. */
  readonly unit: string;
  /** States in the order of the protocol; any other state follows. */
  readonly order: readonly string[];
}) {
  const known = order.filter((state) => counts[state] !== undefined);
  const states = [...known, ...Object.keys(counts).filter((state) => !order.includes(state))];
  const most = Math.max(1, ...states.map((state) => counts[state] ?? 0));
  return (
    <ul aria-label={label} className="grid grid-cols-[auto_1fr_auto] gap-x-3 gap-y-2">
      {states.map((state) => (
        <li key={state} className="col-span-3 grid grid-cols-subgrid items-center">
          <span>
            <Chip word={state} />
          </span>
          <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-raised">
            <span
              className="block h-full rounded-full bg-accent"
              style={{ width: `${((counts[state] ?? 0) / most) * 100}%` }}
            />
          </span>
          <span className="text-right">{countText(counts[state] ?? 0, unit)}</span>
        </li>
      ))}
    </ul>
  );
}
