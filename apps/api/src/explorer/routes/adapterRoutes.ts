/** Models, datasets, referees, and the versions that training made. */
import { chain, type Sql, statement } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import { and, asc, desc, eq, sum } from "drizzle-orm";
import { z } from "zod";
import type { ApiServer } from "../../apiServer.ts";
import { attestationsOf } from "../attestationsOf.ts";
import type { ExplorerDeps } from "../explorerDeps.ts";
import { plainRow } from "../plainRow.ts";
import { readContributors } from "../readContributors.ts";
import { pageReader, timedPageReader } from "../readPage.ts";
import {
  adapter,
  adapterDetail,
  dataset,
  datasetDetail,
  model,
  referee,
} from "../schemas/adapters.ts";
import { pageOf, pageQuery } from "../schemas/page.ts";
import { queryNumber } from "../schemas/primitives.ts";

const tags = ["explorer"];
const byId = z.object({ id: queryNumber });
const lineageMax = 1_000;
const { adapters, datasets, earnings, models, pools, referees } = chain;

const readVersions = timedPageReader({
  table: adapters,
  keys: [adapters.id],
  at: adapters.height,
});
const readModels = pageReader({ table: models, keys: [models.id] });
const readReferees = pageReader({ table: referees, keys: [referees.height, referees.id] });
const readDatasets = pageReader({ table: datasets, keys: [datasets.id] });

const childrenOf = statement(["id"], (sql, { id }) =>
  sql
    .select({ id: adapters.id })
    .from(adapters)
    .where(eq(adapters.parentId, id))
    .orderBy(asc(adapters.id)),
);
const modelById = statement(["id"], (sql, { id }) =>
  sql.select().from(models).where(eq(models.id, id)),
);
const datasetById = statement(["id"], (sql, { id }) =>
  sql.select().from(datasets).where(eq(datasets.id, id)),
);
const poolsOf = statement(["datasetId"], (sql, { datasetId }) =>
  sql
    .select({ id: pools.id })
    .from(pools)
    .where(eq(pools.datasetId, datasetId))
    .orderBy(asc(pools.id)),
);
const versionsOf = statement(["datasetId"], (sql, { datasetId }) =>
  sql
    .select({ id: adapters.id })
    .from(adapters)
    .where(eq(adapters.datasetId, datasetId))
    .orderBy(desc(adapters.id))
    .limit(lineageMax),
);
const royaltiesOf = statement(["owner"], (sql, { owner }) =>
  sql
    .select({ amount: sum(earnings.credited) })
    .from(earnings)
    .where(and(eq(earnings.owner, owner), eq(earnings.role, "data_provider"))),
);

export function addAdapterRoutes(server: ApiServer, deps: ExplorerDeps): void {
  addVersionRoutes(server, deps);
  addRegistryRoutes(server, deps);
}

function addVersionRoutes(server: ApiServer, { database: { sql } }: ExplorerDeps): void {
  const filter = z.object({
    poolId: queryNumber.optional(),
    modelId: queryNumber.optional(),
    datasetId: queryNumber.optional(),
    parentId: queryNumber.optional(),
  });

  server.get(
    "/adapters",
    {
      schema: {
        tags,
        summary: "Adapter versions, the newest first",
        querystring: pageQuery.extend(filter.shape),
        response: { 200: pageOf(adapter, "AdapterPage") },
      },
    },
    ({ query: { cursor, limit, ...values } }) =>
      readVersions(sql, { cursor, limit }, values) as never,
  );

  server.get(
    "/adapters/:id",
    {
      schema: {
        tags,
        summary: "A version with its lineage, and who and what made it",
        params: byId,
        response: { 200: adapterDetail },
      },
    },
    async ({ params: { id } }) => {
      const found = await findAdapter(sql, id);
      if (found === undefined) throw new R3mesError({ code: "ADAPTER_NOT_FOUND", adapter: id });
      const children = await childrenOf(sql, { id });
      const attested = await attestationsOf(sql, found);
      const [ofModel] = await modelById(sql, { id: found.modelId });
      const [data] = await datasetById(sql, { id: found.datasetId });
      return {
        ...found,
        lineage: await readLineage(sql, found.parentId),
        children: children.map((child) => child.id),
        contributors: await readContributors(sql, [id]),
        attestations: attested.map(plainRow),
        model: ofModel ?? null,
        dataset: data === undefined ? null : plainRow(data),
      } as z.infer<typeof adapterDetail>;
    },
  );
}

async function findAdapter(sql: Sql, id: number) {
  return (await readVersions(sql, { limit: 1 }, { id })).items[0];
}

/** Ancestors, the parent first. A lineage that is longer ends there; its rest hangs on the last one's parent. */
async function readLineage(sql: Sql, parentId: number) {
  const lineage: NonNullable<Awaited<ReturnType<typeof findAdapter>>>[] = [];
  for (let id = parentId; id !== 0 && lineage.length < lineageMax; ) {
    const parent = await findAdapter(sql, id);
    if (parent === undefined) break;
    lineage.push(parent);
    id = parent.parentId;
  }
  return lineage;
}

function addRegistryRoutes(server: ApiServer, deps: ExplorerDeps): void {
  const { sql } = deps.database;

  server.get(
    "/models",
    {
      schema: {
        tags,
        summary: "Models, the newest first",
        querystring: pageQuery,
        response: { 200: pageOf(model, "ModelPage") },
      },
    },
    ({ query }) => readModels(sql, query) as never,
  );

  server.get(
    "/models/:id",
    {
      schema: { tags, summary: "A model", params: byId, response: { 200: model } },
    },
    async ({ params: { id } }) => {
      const [found] = await modelById(sql, { id });
      if (found === undefined) throw new R3mesError({ code: "MODEL_NOT_FOUND", id });
      return found as z.infer<typeof model>;
    },
  );

  server.get(
    "/referees",
    {
      schema: {
        tags,
        summary: "Modules that judge tiles, the newest first",
        querystring: pageQuery,
        response: { 200: pageOf(referee, "RefereePage") },
      },
    },
    ({ query }) => readReferees(sql, query),
  );

  server.get(
    "/datasets",
    {
      schema: {
        tags,
        summary: "Datasets, the newest first",
        querystring: pageQuery,
        response: { 200: pageOf(dataset, "DatasetPage") },
      },
    },
    ({ query }) => readDatasets(sql, query) as never,
  );

  server.get(
    "/datasets/:id",
    {
      schema: {
        tags,
        summary: "A dataset with what used it and what that paid",
        params: byId,
        response: { 200: datasetDetail },
      },
    },
    async ({ params: { id } }) => {
      const [found] = await datasetById(sql, { id });
      if (found === undefined) throw new R3mesError({ code: "DATASET_NOT_FOUND", id });
      const used = await poolsOf(sql, { datasetId: id });
      const made = await versionsOf(sql, { datasetId: id });
      const [earned] = await royaltiesOf(sql, { owner: found.royaltyAddress });
      return {
        ...plainRow(found),
        poolIds: used.map((pool) => pool.id),
        adapterIds: made.map((version) => version.id).reverse(),
        credited: String(earned?.amount ?? 0),
      } as z.infer<typeof datasetDetail>;
    },
  );
}
