/** What a page says when there is nothing yet: why that is, and what brings something here. */
import type { ReactNode } from "react";

export function Empty({
  title,
  children,
  command,
}: {
  readonly title: string;
  readonly children: ReactNode;
  /** The one next command, if there is one. */
  readonly command?: string;
}) {
  return (
    <div className="mx-auto max-w-prose px-4 py-8 text-center">
      <p className="font-medium">{title}</p>
      <p className="mt-1 text-ink-soft">{children}</p>
      {command !== undefined && (
        <code className="mt-3 inline-block max-w-full overflow-x-auto rounded bg-raised px-2 py-1 font-mono text-xs">
          {command}
        </code>
      )}
    </div>
  );
}
