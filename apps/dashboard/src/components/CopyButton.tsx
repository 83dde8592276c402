"use client";
/** Copies a text and says so, to the eye and to screen readers. */
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "./cn.ts";

const saidForMs = 1_500;

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
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), saidForMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      aria-label={copied ? "Copied" : label}
      title={label}
      className={cn(
        "inline-flex shrink-0 items-center gap-1 rounded p-1 text-ink-soft hover:bg-raised hover:text-ink",
        className,
      )}
      onClick={() => navigator.clipboard.writeText(text).then(() => setCopied(true))}
    >
      <Icon aria-hidden size={13} />
      {children !== undefined && <span className="text-xs">{copied ? "Copied" : children}</span>}
    </button>
  );
}
