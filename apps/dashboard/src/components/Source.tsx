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
        // Beside its button; in the middle of the window where a browser cannot tell where that is.
        className="m-auto max-w-72 rounded-md border border-line-strong bg-surface px-3 py-2 text-xs text-ink [position-area:bottom_span-right] [position-try-fallbacks:flip-inline] supports-[position-area:bottom]:inset-auto supports-[position-area:bottom]:m-1"
      >
        Source: {text}
      </span>
    </>
  );
}
