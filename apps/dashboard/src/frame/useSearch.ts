"use client";
/** What the network knows under a text, asked once the typing rests. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { explorer } from "../api/explorer.ts";
import { fetchJson } from "../api/fetchJson.ts";
import type { SearchHit, SearchResult } from "../api/records.ts";

const restMs = 150;

export type Search = {
  readonly hits: readonly SearchHit[];
  /** What to tell while there is nothing to choose; null when there is. */
  readonly note: string | null;
};

/** The hits of a text, for whoever shows them and for whoever only wants the first. */
export function searchQuery(text: string) {
  const asked = text.trim();
  return queryOptions({
    queryKey: ["search", asked],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ q: asked });
      const { hits } = await fetchJson<SearchResult>(`${explorer}/search?${query}`, signal);
      return hits;
    },
  });
}

export function useSearch(text: string): Search {
  const asked = useRested(text.trim());
  const { data, isError, error, isPending } = useQuery({
    ...searchQuery(asked),
    enabled: asked !== "",
    refetchInterval: false,
  });
  if (asked === "") return { hits: [], note: null };
  if (isError) return { hits: [], note: `The search failed: ${error.message}` };
  if (isPending) return { hits: [], note: "Searching…" };
  if (data.length === 0) {
    return {
      hits: [],
      note: "Nothing has this name. A height, a hash, an address or the number of an adapter, chunk or dispute can be found.",
    };
  }
  return { hits: data, note: null };
}

function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), restMs);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
