"use client";
/** How far the index has come, and what that says about the page. */
import type { IndexStatus } from "../api/records.ts";
import { useRecord } from "../api/useRecord.ts";
import { useNow } from "../components/useNow.ts";
import { type Freshness, freshness } from "./freshness.ts";
import { type Live, useLive } from "./LiveProvider.tsx";

export type Status = {
  readonly index: IndexStatus | null;
  readonly live: Live;
  readonly freshness: Freshness;
  /** The height that the page counts from; null while unknown. */
  readonly height: number | null;
};

export function useStatus(): Status {
  const query = useRecord<IndexStatus>("/status", []);
  const live = useLive();
  const now = useNow();
  const index = query.data ?? null;
  const heights = [live.height, index?.indexedHeight].filter(
    (height) => typeof height === "number",
  );
  return {
    index,
    live,
    height: heights.length === 0 ? null : Math.max(...heights),
    freshness: freshness({
      connected: live.connected,
      lostAtMs: live.lostAtMs,
      quietSinceMs: live.quietSinceMs,
      lagBlocks: index?.lagBlocks ?? null,
      nowMs: now ?? 0,
    }),
  };
}
