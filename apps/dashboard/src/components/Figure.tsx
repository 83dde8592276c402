/** One number with its name, its unit and its source. A number that nobody knows is called unknown. */
import type { ReactNode } from "react";
import { Source } from "./Source.tsx";

export function Figure({
  label,
  value,
  detail,
  source,
}: {
  readonly label: string;
  /** Null where it is unknown. */
  readonly value: ReactNode | null;
  readonly detail?: ReactNode;
  readonly source: string;
}) {
  return (
    <div className="min-w-0 bg-surface px-4 py-3">
      <dt className="flex items-start justify-between gap-1 text-xs text-ink-soft">
        {label} <Source of={label} text={source} />
      </dt>
      <dd className="mt-0.5 truncate text-lg font-semibold tracking-tight">
        {value ?? <span className="font-normal text-ink-soft">unknown</span>}
      </dd>
      {detail !== undefined && <dd className="mt-0.5 text-xs text-ink-soft">{detail}</dd>}
    </div>
  );
}

const columns = {
  3: "sm:grid-cols-3",
  6: "grid-cols-2 sm:grid-cols-3 xl:grid-cols-6",
} as const;

/** Figures side by side, divided by hairlines: three of them, or six. */
export function Figures({
  children,
  label,
  count = 6,
}: {
  readonly children: ReactNode;
  readonly label: string;
  readonly count?: keyof typeof columns;
}) {
  return (
    <dl
      aria-label={label}
      className={`grid gap-px overflow-hidden rounded-lg border border-line bg-line ${columns[count]}`}
    >
      {children}
    </dl>
  );
}
