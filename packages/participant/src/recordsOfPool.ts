/** The records that say what a pool trains: its own, and those of its model and its dataset. */
import type { Client } from "@connectrpc/connect";
import { R3mesError } from "@r3mes/protocol";
import type { Query } from "@r3mes/protocol/messages";
import type { PoolRecords } from "@r3mes/training";

/** @throws POOL_NOT_FOUND, MODEL_NOT_FOUND, DATASET_NOT_FOUND */
export async function recordsOfPool(
  query: Pick<Client<typeof Query>, "pool" | "model" | "dataset">,
  id: bigint,
): Promise<PoolRecords> {
  const { pool } = await query.pool({ id });
  if (pool === undefined) throw new R3mesError({ code: "POOL_NOT_FOUND", pool: id });
  const [{ model }, { dataset }] = await Promise.all([
    query.model({ id: pool.modelId }),
    query.dataset({ id: pool.datasetId }),
  ]);
  if (model === undefined) throw new R3mesError({ code: "MODEL_NOT_FOUND", pool: id });
  if (dataset === undefined) throw new R3mesError({ code: "DATASET_NOT_FOUND", pool: id });
  return { pool, model, dataset };
}
