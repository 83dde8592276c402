/** Where the adapter that a round starts from lies; version 0 is the model's fresh one. */
import type { Client } from "@connectrpc/connect";
import { R3mesError } from "@r3mes/protocol";
import type { Query } from "@r3mes/protocol/messages";

export async function queryAdapterCid(
  query: Client<typeof Query>,
  poolId: bigint,
  adapterId: bigint,
): Promise<Uint8Array> {
  if (adapterId !== 0n) {
    const { adapter } = await query.adapter({ id: adapterId });
    if (adapter === undefined)
      throw new R3mesError({ code: "ADAPTER_NOT_FOUND", adapter: adapterId });
    return adapter.cid;
  }
  const { pool } = await query.pool({ id: poolId });
  const { model } = await query.model({ id: pool?.modelId ?? 0n });
  if (model === undefined) throw new R3mesError({ code: "MODEL_NOT_FOUND", pool: poolId });
  return model.initialAdapterCid;
}
