/** Models, datasets, referees, and the versions that training made. */
import { chain, type Sql } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import { and, asc, desc, eq, sum } from "drizzle-orm";
import { z } from "zod";
import type { ApiServer } from "../../apiServer.ts";
import type { ExplorerDeps } from "../explorerDeps.ts";
import { fitting } from "../fitting.ts";
import { plainRow } from "../plainRow.ts";
import { readContributors } from "../readContributors.ts";
import { readPage, readTimedPage } from "../readPage.ts";
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
const { adapters, attestations, datasets, earnings, models, pools, referees } = chain;

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
      readTimedPage(
        sql,
        { cursor, limit },
        {
          table: adapters,
          keys: [adapters.id],
          where: fitting(adapters, values),
          at: adapters.height,
        },
      ) as never,
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
      const children = await sql
        .select({ id: adapters.id })
        .from(adapters)
        .where(eq(adapters.parentId, id))
        .orderBy(asc(adapters.id));
      const attested = await sql
        .select()
        .from(attestations)
        .where(and(eq(attestations.poolId, found.poolId), eq(attestations.round, found.round)))
        .orderBy(asc(attestations.height), asc(attestations.verifier));
      const [ofModel] = await sql.select().from(models).where(eq(models.id, found.modelId));
      const [data] = await sql.select().from(datasets).where(eq(datasets.id, found.datasetId));
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
  const options = { table: adapters, keys: [adapters.id], where: eq(adapters.id, id) };
  return (await readTimedPage(sql, { limit: 1 }, { ...options, at: adapters.height })).items[0];
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
    ({ query }) => readPage(sql, query, { table: models, keys: [models.id] }) as never,
  );

  server.get(
    "/models/:id",
    {
      schema: { tags, summary: "A model", params: byId, response: { 200: model } },
    },
    async ({ params: { id } }) => {
      const [found] = await sql.select().from(models).where(eq(models.id, id));
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
    ({ query }) => readPage(sql, query, { table: referees, keys: [referees.height, referees.id] }),
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
    ({ query }) => readPage(sql, query, { table: datasets, keys: [datasets.id] }) as never,
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
      const [found] = await sql.select().from(datasets).where(eq(datasets.id, id));
      if (found === undefined) throw new R3mesError({ code: "DATASET_NOT_FOUND", id });
      const used = await sql
        .select({ id: pools.id })
        .from(pools)
        .where(eq(pools.datasetId, id))
        .orderBy(asc(pools.id));
      const made = await sql
        .select({ id: adapters.id })
        .from(adapters)
        .where(eq(adapters.datasetId, id))
        .orderBy(desc(adapters.id))
        .limit(lineageMax);
      const [earned] = await sql
        .select({ amount: sum(earnings.credited) })
        .from(earnings)
        .where(and(eq(earnings.owner, found.royaltyAddress), eq(earnings.role, "data_provider")));
      return {
        ...plainRow(found),
        poolIds: used.map((pool) => pool.id),
        adapterIds: made.map((version) => version.id).reverse(),
        credited: String(earned?.amount ?? 0),
      } as z.infer<typeof datasetDetail>;
    },
  );
}
