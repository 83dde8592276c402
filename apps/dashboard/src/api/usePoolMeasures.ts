"use client";
/** Sizes of a pool's work that the API looks up in content: the held-out sample, a gradient, the updates that were sent. */
import { type Query, useQueries } from "@tanstack/react-query";
import { explorer } from "./explorer.ts";
import { fetchJson } from "./fetchJson.ts";
import type { PoolMeasures } from "./records.ts";

const renewEveryMs = 60_000;
/** While a figure is unknown the API may be fetching what it follows from. */
const askAgainMs = 4_000;

export type KnownMeasures = PoolMeasures & {
  /** Nothing is known because the first answer is under way. */
  readonly isAwaited: boolean;
};

const unknown: PoolMeasures = {
  heldOutTokens: null,
  gradientBytes: null,
  updates: { sampled: 0, bytes: "0" },
};

function isWhole({ heldOutTokens, gradientBytes }: PoolMeasures): boolean {
  return heldOutTokens !== null && gradientBytes !== null;
}

/** A pool that is not among `poolIds`, or not answered yet, is unknown throughout. */
export function usePoolMeasures(poolIds: readonly number[]): (poolId: number) => KnownMeasures {
  const distinct = [...new Set(poolIds)];
  const results = useQueries({
    queries: distinct.map((poolId) => ({
      queryKey: [`/pools/${poolId}/measures`],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        fetchJson<PoolMeasures>(`${explorer}/pools/${poolId}/measures`, signal),
      staleTime: renewEveryMs,
      refetchInterval: ({ state: { data } }: Query<PoolMeasures>) =>
        data !== undefined && isWhole(data) ? renewEveryMs : askAgainMs,
    })),
  });
  return (poolId) => {
    const result = results[distinct.indexOf(poolId)];
    return { ...(result?.data ?? unknown), isAwaited: result?.isPending === true };
  };
}
