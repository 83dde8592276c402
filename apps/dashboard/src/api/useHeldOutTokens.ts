"use client";
/** How many tokens a pool's held-out sample predicts: what turns the sum of its losses into bits per token. */
import type { NetworkSummary } from "./records.ts";
import { useRecord } from "./useRecord.ts";

/** Null where it is unknown, which it is until the index has read the dataset's manifest. */
export type TokensOfPool = (poolId: number) => number | null;

export function useHeldOutTokens(): TokensOfPool {
  const { data } = useRecord<NetworkSummary>("/network", ["adapter"]);
  return (poolId) => data?.pools.find(({ id }) => id === poolId)?.heldOutTokens ?? null;
}
