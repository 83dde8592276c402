/** Text as it is, in lines of its own. What is too long scrolls, by keyboard too. */
import type { ReactNode } from "react";
import { cn } from "./cn.ts";

export function Verbatim({
  children,
  className,
}: {
  readonly children: ReactNode;
  readonly className?: string;
}) {
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className={cn("overflow-auto font-mono text-xs", className)}
    >
      {children}
    </pre>
  );
}
