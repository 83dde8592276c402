/** The record of a lease, by its number. */
import { R3mesError } from "@r3mes/protocol";
import type { Lease } from "@r3mes/protocol/messages";
import type { MinerDeps } from "./minerDeps.ts";

/** @throws LEASE_NOT_FOUND */
export async function leaseOf({ query }: Pick<MinerDeps, "query">, id: bigint): Promise<Lease> {
  const { lease } = await query.lease({ id });
  if (lease === undefined) throw new R3mesError({ code: "LEASE_NOT_FOUND", lease: id });
  return lease;
}
