"use client";
/** A list of the explorer, page by page as far as somebody scrolls; its first page is renewed by events. */
import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
} from "@tanstack/react-query";
import { explorer } from "./explorer.ts";
import { fetchJson } from "./fetchJson.ts";
import type { EventKind, PageOf } from "./records.ts";

const pageSize = 100;

export type ListResult<Item> = UseInfiniteQueryResult<InfiniteData<PageOf<Item>>>;

/** `path` is relative to the explorer and may carry filters. */
export function useList<Item>(path: string, kinds: readonly EventKind[]): ListResult<Item> {
  return useInfiniteQuery({
    queryKey: [path, "pages"],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: String(pageSize) });
      if (pageParam !== null) query.set("cursor", pageParam);
      const joint = path.includes("?") ? "&" : "?";
      return fetchJson<PageOf<Item>>(`${explorer}${path}${joint}${query}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: false,
    meta: { kinds },
  });
}
