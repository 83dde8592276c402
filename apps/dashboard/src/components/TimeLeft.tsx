"use client";
/** How long until a height has passed, counted from the newest block that this page knows. */
import { blocksLeftText } from "../format/relativeTime.ts";
import { useStatus } from "../live/useStatus.ts";

export function TimeLeft({ endHeight }: { readonly endHeight: number }) {
  const { height, live } = useStatus();
  return (
    <span title={`Until height ${endHeight}`} className="whitespace-nowrap">
      {height === null
        ? `until height ${endHeight}`
        : blocksLeftText(endHeight, height, live.blockSeconds)}
    </span>
  );
}
