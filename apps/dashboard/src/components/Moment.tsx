"use client";
/** A moment as a distance from now; the exact time shows on hover. */
import { relativeTime } from "../format/relativeTime.ts";
import { useNow } from "./useNow.ts";

export function Moment({
  at,
}: {
  /** Milliseconds since 1970, or null where unknown. */
  readonly at: number | null;
}) {
  const now = useNow();
  if (at === null) return <span className="text-ink-soft">unknown</span>;
  const exact = new Date(at).toISOString();
  return (
    <time dateTime={exact} title={exact} className="whitespace-nowrap">
      {now === null ? "" : relativeTime(at, now)}
    </time>
  );
}
