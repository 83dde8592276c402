/** A pool with what its records name, for whoever computes nothing on a device. */
import { sha256Of } from "@r3mes/models/node";
import { R3mesError } from "@r3mes/protocol";
import { type OpenedPool, openPool } from "@r3mes/training";
import type { OpenedNetwork } from "./openNetwork.ts";

/** @throws POOL_NOT_FOUND, CONTENT_UNAVAILABLE */
export async function openPoolOf(
  id: bigint,
  { query, content }: Pick<OpenedNetwork, "query" | "content">,
): Promise<OpenedPool> {
  const { pool } = await query.pool({ id });
  if (pool === undefined) throw new R3mesError({ code: "POOL_NOT_FOUND", pool: id });
  const [{ model }, { dataset }] = await Promise.all([
    query.model({ id: pool.modelId }),
    query.dataset({ id: pool.datasetId }),
  ]);
  return openPool({ pool, model: model!, dataset: dataset! }, content, sha256Of);
}
