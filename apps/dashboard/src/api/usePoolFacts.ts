"use client";
/** Facts of a pool that lie in content; asked once, and again only while they are not all known. */
import { useQueries } from "@tanstack/react-query";
import { fetchPoolFacts, type PoolFacts } from "./fetchPoolFacts.ts";

const againAfterMs = 30_000;

const unknown: PoolFacts = { heldOutTokens: null, updateBytes: null, gradientBytes: null };

function queryOf(poolId: number) {
  return {
    queryKey: ["pool facts", poolId],
    queryFn: ({ signal }: { readonly signal: AbortSignal }) => fetchPoolFacts(poolId, signal),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }: { readonly state: { readonly data?: PoolFacts | undefined } }) =>
      Object.values(state.data ?? unknown).includes(null) ? againAfterMs : (false as const),
  };
}

/** A pool that is not among `poolIds` is unknown. */
export function usePoolFacts(poolIds: readonly number[]): (poolId: number) => PoolFacts {
  const distinct = [...new Set(poolIds)];
  const results = useQueries({ queries: distinct.map(queryOf) });
  return (poolId) => results[distinct.indexOf(poolId)]?.data ?? unknown;
}
