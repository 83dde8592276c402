/** A titled part of a page, with a line that says where its figures come from. */
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export function Panel({
  title,
  source,
  actions,
  children,
  className,
  flush = false,
  stacked = false,
}: {
  readonly title: string;
  /** Where the figures come from, in a few words. */
  readonly source?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
  /** The content reaches the edges, as a table does. */
  readonly flush?: boolean;
  /** Where it comes from stands under the title: heads of panels that stand side by side are then of one height. */
  readonly stacked?: boolean;
}) {
  return (
    <section
      aria-label={title}
      className={cn("min-w-0 rounded-lg border border-line bg-surface", className)}
    >
      <header
        className={cn(
          "flex min-h-11 gap-x-3 gap-y-1 border-b border-line px-4 py-2",
          stacked ? "flex-col" : "flex-wrap items-center",
        )}
      >
        <h2 className="text-sm font-semibold">{title}</h2>
        {source !== undefined && <p className="text-xs text-ink-soft">{source}</p>}
        {actions !== undefined && <div className="ml-auto flex items-center gap-2">{actions}</div>}
      </header>
      <div className={flush ? "" : "p-4"}>{children}</div>
    </section>
  );
}
