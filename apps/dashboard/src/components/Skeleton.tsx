/** The outline of what is being fetched, so that nothing jumps when it arrives. */
import { cn } from "./cn.ts";

export function Skeleton({
  lines = 4,
  className,
}: {
  readonly lines?: number;
  readonly className?: string;
}) {
  return (
    <div role="status" aria-label="Loading" className={cn("space-y-3 p-4", className)}>
      {Array.from({ length: lines }, (_, line) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines are alike and never move
          key={line}
          className={cn(
            "h-4 motion-safe:animate-pulse rounded bg-raised",
            line % 3 === 2 ? "w-2/3" : "w-full",
          )}
        />
      ))}
    </div>
  );
}
