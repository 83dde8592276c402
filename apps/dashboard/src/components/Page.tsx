/** The head of a page and the space under it. */
import type { ReactNode } from "react";
import { DocumentTitle } from "./DocumentTitle.tsx";

export function Page({
  title,
  name,
  children,
  note,
  actions,
}: {
  readonly title: ReactNode;
  /** Of the record that the page shows; for the window's title. */
  readonly name?: string;
  readonly children: ReactNode;
  /** One sentence that says what the page shows. */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className="mx-auto w-full max-w-[88rem] space-y-4 px-4 py-5 sm:px-6">
      {name !== undefined && <DocumentTitle of={name} />}
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h1 className="flex flex-wrap items-center gap-2 text-xl font-semibold tracking-tight">
            {title}
          </h1>
          {note !== undefined && (
            <p className="mt-0.5 max-w-3xl text-pretty text-ink-soft">{note}</p>
          )}
        </div>
        {actions !== undefined && <div className="ml-auto flex items-center gap-2">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
