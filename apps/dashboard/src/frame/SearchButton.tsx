"use client";
/** Opens the search; the key `/` does too. */
import { Search } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";

const SearchDialog = lazy(async () => ({
  default: (await import("./SearchDialog.tsx")).SearchDialog,
}));

export function SearchButton() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      // With another key held it is the browser's own command; Shift is how many keyboards type it.
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if ((event.target as HTMLElement).closest("input, textarea, select") !== null) return;
      event.preventDefault();
      setOpen(true);
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md border border-line bg-ground px-2.5 text-ink-soft hover:border-line-strong sm:max-w-md"
      >
        <Search aria-hidden size={14} className="shrink-0" />
        <span className="truncate">Search</span>
        <span className="truncate max-md:hidden">a number, address, height or hash</span>
        <kbd aria-hidden className="ml-auto rounded border border-line px-1 text-xs max-sm:hidden">
          /
        </kbd>
      </button>
      {open && (
        <Suspense>
          <SearchDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
