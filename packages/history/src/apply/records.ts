/**
 * Records that events name and do not repeat: models, datasets, pools, referees. The chain never deletes them, and only their
 * unchanging fields are read, so it does not matter at which height they are asked for.
 */
import { createClient } from "@connectrpc/connect";
import { type ChainRpc, listAll, queryTransport } from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import { type Dataset, type Model, type Pool, Query, type Referee } from "@r3mes/protocol/messages";

export interface Records {
  model(id: bigint): Promise<Model>;
  dataset(id: bigint): Promise<Dataset>;
  pool(id: bigint): Promise<Pool>;
  /** All that are registered. */
  referees(): Promise<readonly Referee[]>;
  /** All that a chain began with: those that stand in its genesis. */
  founding(): Promise<Founding>;
}

export type Founding = {
  readonly models: readonly Model[];
  readonly datasets: readonly Dataset[];
  readonly pools: readonly Pool[];
  readonly referees: readonly Referee[];
};

export function queryRecords(rpc: Pick<ChainRpc, "query">): Records {
  const query = createClient(Query, queryTransport(rpc as ChainRpc));
  const referees = () => listAll(query, "referees");
  return {
    model: async (id) => need((await query.model({ id })).model, "MODEL_NOT_FOUND", id),
    dataset: async (id) => need((await query.dataset({ id })).dataset, "DATASET_NOT_FOUND", id),
    pool: async (id) => need((await query.pool({ id })).pool, "POOL_NOT_FOUND", id),
    referees,
    async founding() {
      const [models, datasets, pools] = await Promise.all([
        listAll(query, "models"),
        listAll(query, "datasets"),
        listAll(query, "pools"),
      ]);
      const isFounding = ({ height }: { readonly height: bigint }) => height <= 0n;
      return {
        models: models.filter(isFounding),
        datasets: datasets.filter(isFounding),
        pools: pools.filter(isFounding),
        referees: (await referees()).filter(isFounding),
      };
    },
  };
}

function need<Record>(
  record: Record | undefined,
  code: "MODEL_NOT_FOUND" | "DATASET_NOT_FOUND" | "POOL_NOT_FOUND",
  id: bigint,
): Record {
  if (record === undefined) throw new R3mesError({ code, id });
  return record;
}
