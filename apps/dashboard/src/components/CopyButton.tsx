"use client";
/** Copies a text and says whether it is copied, to the eye and to screen readers. */
import { Check, Copy, X } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "./cn.ts";
import { copyText } from "./copyText.ts";

const saidForMs = 1_500;

const outcomes = {
  copied: { Icon: Check, word: "Copied" },
  refused: { Icon: X, word: "Not copied: this page has no clipboard" },
} as const;

export function CopyButton({
  text,
  label,
  children,
  className,
}: {
  readonly text: string;
  readonly label: string;
  readonly children?: string;
  readonly className?: string;
}) {
  const [outcome, setOutcome] = useState<keyof typeof outcomes | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), saidForMs);
    return () => clearTimeout(timer);
  }, [outcome]);
  const { Icon, word } = outcome === null ? { Icon: Copy, word: null } : outcomes[outcome];
  return (
    <button
      type="button"
      aria-label={word ?? label}
      title={word ?? label}
      className={cn(
        "inline-flex shrink-0 items-center gap-1 rounded p-1 text-ink-soft hover:bg-raised hover:text-ink",
        className,
      )}
      onClick={async () => {
        const isCopied = await copyText(text, navigator.clipboard);
        setOutcome(isCopied ? "copied" : "refused");
      }}
    >
      <Icon aria-hidden size={13} />
      {children !== undefined && <span className="text-xs">{word ?? children}</span>}
    </button>
  );
}
