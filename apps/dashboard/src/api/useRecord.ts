"use client";
/** One record of the explorer, renewed when the network says that something of its kinds has changed. */
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { explorer } from "./explorer.ts";
import { fetchJson } from "./fetchJson.ts";
import type { EventKind } from "./records.ts";

/** `path` is relative to the explorer; null asks nothing. */
export function useRecord<Reply>(
  path: string | null,
  kinds: readonly EventKind[],
): UseQueryResult<Reply> {
  return useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => fetchJson<Reply>(`${explorer}${path}`, signal),
    enabled: path !== null,
    meta: { kinds },
  });
}
