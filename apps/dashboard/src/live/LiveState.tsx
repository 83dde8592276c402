"use client";
/** The connection in the header: live with the height, or what is wrong, in words and not by colour alone. */
import Link from "next/link";
import { cn } from "../components/cn.ts";
import { groupDigits } from "../format/groupDigits.ts";
import { useStatus } from "./useStatus.ts";

const looks = {
  connecting: { dot: "bg-line-strong", word: "Connecting" },
  live: { dot: "bg-good", word: "Live" },
  behind: { dot: "bg-warn", word: "Catching up" },
  stale: { dot: "bg-bad", word: "Stale" },
} as const;

export function LiveState() {
  const { freshness, height, index } = useStatus();
  const { dot, word } = looks[freshness.state];
  return (
    <Link
      href="/blocks"
      prefetch={false}
      title={freshness.reason ?? `Chain ${index?.chainId ?? "unknown"}`}
      className="flex items-center gap-2 rounded-md px-2 py-1.5 whitespace-nowrap hover:bg-raised"
    >
      <span aria-hidden className={cn("size-2 rounded-full", dot)} />
      <span className="max-sm:sr-only">{word}</span>
      {height !== null && (
        <span className="text-ink-soft max-sm:text-xs">
          <span className="sr-only">at height </span>
          <span aria-hidden>#</span>
          {groupDigits(height)}
        </span>
      )}
    </Link>
  );
}
