/** A failure: what happened, why, what to do, and the code under which the catalogue has more. */
import { ApiError } from "../api/ApiError.ts";

export function Failure({
  error,
  onRetry,
}: {
  readonly error: unknown;
  readonly onRetry?: () => void;
}) {
  const known = error instanceof ApiError ? error : null;
  const title = known?.title ?? "This part of the page failed";
  const message = error instanceof Error ? error.message : "The cause is not known.";
  return (
    <div role="alert" data-failure className="px-4 py-6">
      <div className="mx-auto max-w-prose rounded-md border border-line bg-bad-soft px-4 py-3">
        <p className="font-medium text-bad">{title}</p>
        {message !== title && <p className="mt-1 break-words">{message}</p>}
        {known?.hint !== undefined && <p className="mt-1 text-ink-soft">{known.hint}</p>}
        <p className="mt-2 flex flex-wrap items-center gap-3 text-xs text-ink-soft">
          {known !== null && <code className="font-mono">{known.code}</code>}
          {known?.requestId !== undefined && (
            <span className="break-all">request {known.requestId}</span>
          )}
          {onRetry !== undefined && (
            <button
              type="button"
              onClick={onRetry}
              className="rounded border border-line-strong bg-surface px-2 py-0.5 text-ink hover:bg-raised"
            >
              Try again
            </button>
          )}
        </p>
      </div>
    </div>
  );
}
