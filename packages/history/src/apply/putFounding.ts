/** What a chain began with has no event of its own: it is put into the tables before the first block. */
import { chain } from "@r3mes/database";
import type { RowStore } from "../write/createRowStore.ts";
import { poolRow } from "./pools.ts";
import type { Founding } from "./records.ts";
import { datasetRow, modelRow, refereeRow } from "./registries.ts";

export function putFounding(founding: Founding, rows: RowStore): void {
  for (const referee of founding.referees) rows.put(chain.referees, refereeRow(referee));
  for (const model of founding.models) rows.put(chain.models, modelRow(model));
  for (const dataset of founding.datasets) rows.put(chain.datasets, datasetRow(dataset));
  for (const pool of founding.pools) rows.put(chain.pools, poolRow(pool));
}
