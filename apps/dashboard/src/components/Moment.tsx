"use client";
/** A moment as a distance from now; the exact time shows on hover. */
import { announcedTime, relativeTime } from "../format/relativeTime.ts";
import { useNow } from "./useNow.ts";

export function Moment({
  at,
  isAnnounced = false,
}: {
  /** Milliseconds since 1970, or null where unknown. */
  readonly at: number | null;
  /** It has not happened when it is first told. */
  readonly isAnnounced?: boolean;
}) {
  const now = useNow();
  if (at === null) return <span className="text-ink-soft">unknown</span>;
  const exact = new Date(at).toISOString();
  const distance = isAnnounced ? announcedTime : relativeTime;
  return (
    <time dateTime={exact} title={exact} className="whitespace-nowrap">
      {now === null ? "" : distance(at, now)}
    </time>
  );
}
