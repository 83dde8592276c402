/** The versions that a pool has made, by the chain's numbers, as the API and the dashboard name them. Pure. */
import type { AdapterVersion } from "@r3mes/protocol/messages";

export type PoolVersions = {
  /** Of the pool's newest adapter; 0 before the first round has ended. */
  readonly adapterVersion: number;
  /** Bits a token over the fixed sample of held-out text. */
  readonly heldOutLoss: readonly { readonly version: number; readonly loss: number }[];
};

/** Versions come oldest first; `tokens` are those of the sample. */
export function poolVersions(
  pool: bigint,
  adapters: readonly Pick<AdapterVersion, "id" | "poolId" | "heldOutLoss">[],
  tokens: number,
): PoolVersions {
  const own = adapters.filter(({ poolId }) => poolId === pool);
  return {
    adapterVersion: Number(own.at(-1)?.id ?? 0n),
    heldOutLoss: own.map(({ id, heldOutLoss }) => ({
      version: Number(id),
      loss: bitsPerToken(heldOutLoss, tokens),
    })),
  };
}

/** From a sum in bits, Q16, to bits a token. */
function bitsPerToken(sum: bigint, tokens: number): number {
  const bits = Number(sum) / 2 ** 16 / tokens;
  return Math.round(bits * 1e6) / 1e6;
}
