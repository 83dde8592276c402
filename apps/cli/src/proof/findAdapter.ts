/** Which adapter version a person means by `moby-dick@v3`, `2@v1` or `adapter@v3`. */
import { allPages } from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import type { AdapterVersion } from "@r3mes/protocol/messages";
import { type OpenedNetwork, readPoolNames } from "./openNetwork.ts";

/** Of the network's first pool, when no other is named. */
const usualName = "adapter";

/** @throws ADAPTER_UNKNOWN */
export async function findAdapter(
  name: string,
  home: string,
  { query }: Pick<OpenedNetwork, "query">,
): Promise<AdapterVersion> {
  const refuse = () => new R3mesError({ code: "ADAPTER_UNKNOWN", adapter: name });
  const [, pool = "", version = ""] = /^([a-z0-9-]+)@v?(\d{1,9}|latest)$/.exec(name) ?? [];
  if (pool === "") throw refuse();
  const id = pool === usualName ? 1n : (readPoolNames(home).get(pool) ?? numberOf(pool));
  const all = await allPages(
    (pagination) => query.adapters({ pagination }),
    ({ adapters }) => adapters,
  );
  const versions = all.filter(({ poolId }) => poolId === id);
  const found = version === "latest" ? versions.at(-1) : versions[Number(version) - 1];
  if (found === undefined) throw refuse();
  return found;
}

function numberOf(text: string): bigint | undefined {
  return /^\d{1,18}$/.test(text) ? BigInt(text) : undefined;
}
