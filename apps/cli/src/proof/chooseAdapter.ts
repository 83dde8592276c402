/**
 * Which adapter version a name means. `moby-dick@v3`, `2@v3` and `adapter@v3` count the versions of one pool; `pool-2@v7`, as the
 * API names models, is version 7 of the chain, made by pool 2. Pure.
 */
import type { AdapterVersion } from "@r3mes/protocol/messages";

/** Of the network's first pool, when no other is named. */
const usualName = "adapter";

/** Versions come oldest first. */
export function chooseAdapter<Version extends Pick<AdapterVersion, "id" | "poolId">>(
  name: string,
  poolNames: ReadonlyMap<string, bigint>,
  versions: readonly Version[],
): Version | undefined {
  const [, pool = "", version = ""] = /^([a-z0-9-]+)@v?(\d{1,9}|latest)$/.exec(name) ?? [];
  const named = pool === usualName ? 1n : poolNames.get(pool);
  const isApiName = named === undefined && pool.startsWith("pool-");
  const poolId = named ?? numberOf(isApiName ? pool.slice("pool-".length) : pool);
  const own = versions.filter((each) => each.poolId === poolId);
  if (version === "latest") return own.at(-1);
  return isApiName ? own.find(({ id }) => id === BigInt(version)) : own[Number(version) - 1];
}

function numberOf(text: string): bigint | undefined {
  return /^\d{1,18}$/.test(text) ? BigInt(text) : undefined;
}
