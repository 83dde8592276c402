/** Names and values of one record, in two columns that become one on a phone. */
import type { ReactNode } from "react";

export function Facts({ children }: { readonly children: ReactNode }) {
  return (
    <div className="@container overflow-hidden">
      {/* The hairlines under the last row are cut off, in one column and in two. */}
      <dl className="-mb-px grid gap-x-8 @2xl:grid-cols-2">{children}</dl>
    </div>
  );
}

export function Fact({
  name,
  children,
  hint,
}: {
  readonly name: string;
  readonly children: ReactNode;
  /** What the name means, on hover. */
  readonly hint?: string | undefined;
}) {
  return (
    <div className="flex min-w-0 items-baseline gap-3 border-b border-line py-1.5">
      <dt
        className="w-32 sm:w-36 shrink-0 text-ink-soft"
        {...(hint === undefined ? {} : { title: hint })}
      >
        {name}
      </dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
