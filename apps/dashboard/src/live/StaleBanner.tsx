"use client";
/** Says at the top of every page that its figures are old, from when they are, and what happens now. */
import { Moment } from "../components/Moment.tsx";
import { groupDigits } from "../format/groupDigits.ts";
import { useStatus } from "./useStatus.ts";

export function StaleBanner() {
  const { freshness, index } = useStatus();
  return (
    <div role="status">
      {freshness.reason !== null && (
        <p className="border-b border-line bg-warn-soft px-4 py-1.5 text-warn sm:px-6">
          {freshness.reason}
          {index !== null && index.indexedTimeMs !== null && (
            <>
              {" "}
              The figures are those of height {groupDigits(index.indexedHeight)} (
              <Moment at={index.indexedTimeMs} />
              ).
            </>
          )}
        </p>
      )}
    </div>
  );
}
