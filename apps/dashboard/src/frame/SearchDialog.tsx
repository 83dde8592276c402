"use client";
/** The search itself: loaded when somebody wants it, so that no page pays for it otherwise. */
import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { useQueryClient } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import type { SearchHit } from "../api/records.ts";
import { hrefOfHit } from "./hrefs.ts";
import { searchQuery, useSearch } from "./useSearch.ts";

export function SearchDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Popup className="fixed inset-x-3 top-3 z-50 mx-auto max-w-xl rounded-lg border border-line-strong bg-surface shadow-xl sm:top-[12vh]">
          <Dialog.Title className="sr-only">Search</Dialog.Title>
          <SearchField onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function SearchField({ onClose }: { readonly onClose: () => void }) {
  const router = useRouter();
  const [text, setText] = useState("");
  const { hits, note } = useSearch(text);
  const client = useQueryClient();
  const field = useRef<HTMLInputElement>(null);

  function open(hit: SearchHit): void {
    const href = hrefOfHit(hit);
    if (href === null) return;
    onClose();
    router.push(href);
  }

  /** Opens the first hit of what stands in the field now: the hits in sight may still be those of less. */
  async function openFirst(): Promise<void> {
    if (text.trim() === "") return;
    const [hit] = await client.fetchQuery(searchQuery(text)).catch(() => []);
    if (hit !== undefined && field.current?.value === text) open(hit);
  }

  return (
    <Autocomplete.Root
      inline
      open
      items={hits}
      value={text}
      onValueChange={setText}
      itemToStringValue={(hit: SearchHit) => hit.label}
      filter={null}
    >
      <form
        className="relative border-b border-line"
        onSubmit={(event) => {
          event.preventDefault();
          void openFirst();
        }}
      >
        <Search
          aria-hidden
          size={16}
          className="pointer-events-none absolute top-1/2 left-4 -translate-y-1/2 text-ink-soft"
        />
        <Autocomplete.Input
          ref={field}
          aria-label="Number, address, height or hash"
          placeholder="Number, address, height or hash"
          spellCheck={false}
          className="h-12 w-full rounded-t-lg bg-surface pr-3 pl-11 text-base outline-none placeholder:text-ink-soft"
        />
      </form>
      <Autocomplete.Status>
        <p className="px-4 py-3 text-ink-soft">
          {note ?? (hits.length === 0 ? "Anything that the network names can be found." : "")}
        </p>
      </Autocomplete.Status>
      <Autocomplete.List className="max-h-[50vh] overflow-y-auto pb-2 empty:hidden">
        {(hit: SearchHit) => (
          <Autocomplete.Item
            key={`${hit.kind} ${hit.id}`}
            value={hit}
            onClick={() => open(hit)}
            className="flex items-center justify-between gap-3 px-4 py-2 outline-none data-highlighted:bg-accent-soft"
          >
            <span className="truncate">{hit.label}</span>
            <span className="text-xs text-ink-soft">{hit.kind}</span>
          </Autocomplete.Item>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}
