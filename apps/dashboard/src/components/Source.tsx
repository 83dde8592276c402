/** Says where a number comes from: on hover, by touch, by keyboard and to screen readers. The browser opens it, no script. */
import { Info } from "lucide-react";
import { useId } from "react";

export function Source({ of, text }: { readonly of: string; readonly text: string }) {
  const id = useId();
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        aria-label={`Source of ${of}`}
        aria-describedby={id}
        title={text}
        className="-my-1.5 rounded-md p-1.5 align-middle text-ink-soft hover:text-ink"
      >
        <Info aria-hidden size={12} />
      </button>
      <span
        id={id}
        popover="auto"
        className="inset-auto m-1 max-w-72 rounded-md border border-line-strong bg-surface px-3 py-2 text-xs text-ink [position-area:bottom_span-right] [position-try-fallbacks:flip-inline]"
      >
        Source: {text}
      </span>
    </>
  );
}
