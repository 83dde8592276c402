"use client";
/** A list of the explorer, page by page as far as somebody scrolls; its head is renewed by events. */
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryClient,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useCallback } from "react";
import { explorer } from "./explorer.ts";
import { headOf, isFarList } from "./farList.ts";
import { fetchJson } from "./fetchJson.ts";
import type { EventKind, PageOf } from "./records.ts";

const pageSize = 100;

export type ListResult<Item> = UseInfiniteQueryResult<InfiniteData<PageOf<Item>>> & {
  /** Somebody looks at its first rows: they are to be the newest. */
  readonly onStart: () => void;
};

/** `path` is relative to the explorer and may carry filters. */
export function useList<Item>(path: string, kinds: readonly EventKind[]): ListResult<Item> {
  const client = useQueryClient();
  const onStart = useCallback(() => renewFarList(client, path), [client, path]);
  return { ...useInfiniteQuery(listQuery<Item>(path, kinds)), onStart };
}

export function listQuery<Item>(path: string, kinds: readonly EventKind[]) {
  return infiniteQueryOptions({
    queryKey: listKey(path),
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

/** A list that was left as it was goes back to its head, and is live again. */
export function renewFarList(client: QueryClient, path: string): void {
  const queryKey = listKey(path);
  const list = client.getQueryData<InfiniteData<unknown>>(queryKey);
  if (list === undefined || !isFarList(list)) return;
  client.setQueryData(queryKey, headOf(list));
  void client.invalidateQueries({ queryKey });
}

function listKey(path: string) {
  return [path, "pages"] as const;
}
