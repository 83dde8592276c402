/** Models, datasets, referees, and the versions that training made. */
import { chain } from "@r3mes/database";
import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import type { ApiServer } from "../../apiServer.ts";
import { addRead } from "../addRead.ts";
import { attestationsOf } from "../attestationsOf.ts";
import type { ExplorerDeps } from "../explorerDeps.ts";
import { pageReader } from "../readPage.ts";
import { versionRecord } from "../records.ts";
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
import { theOne } from "../theOne.ts";
import {
  fieldsOf,
  recordsReader,
  rowOf,
  rowsOf,
  select,
  sumOf,
  timeAt,
  valuesOf,
} from "../writtenJson.ts";

const byId = z.object({ id: queryNumber });
const lineageMax = 1_000;
const { adapters, credits, datasets, earnings, models, pools, referees, submissions } = chain;

const readVersions = pageReader({ table: adapters, keys: [adapters.id], record: versionRecord });
const readModels = pageReader({ table: models, keys: [models.id] });
const readReferees = pageReader({ table: referees, keys: [referees.height, referees.id] });
const readDatasets = pageReader({ table: datasets, keys: [datasets.id] });

const ancestors = alias(adapters, "ancestor");
/** The parent first. A lineage that is longer ends there; its rest hangs on the last one's parent. */
const lineage = rowsOf(
  select({ ...fieldsOf(ancestors), timeMs: timeAt(ancestors.height) })
    .from(ancestors)
    .where(
      sql`${ancestors.id} in (
        with recursive line as (
          select ${adapters.parentId} as id, 1 as place
          union all
          select parent.parent_id, place + 1
          from line inner join ${adapters} as parent on parent.id = line.id
          where place < ${sql.raw(`${lineageMax}`)}
        )
        select id from line)`,
    )
    .orderBy(desc(ancestors.id)),
);

/** Who trained a version, with how many submissions and what they were paid. */
const paid = sql`select sum(${credits.amount}) from ${credits}
  where ${credits.submissionId} = ${submissions.id} and ${credits.role} = 'miner'`;
const contributors = rowsOf(
  select({
    miner: submissions.miner,
    submissions: sql`count(*)`,
    paid: sql`coalesce(sum((${paid})), 0)::text`,
  })
    .from(submissions)
    .where(eq(submissions.adapterId, adapters.id))
    .groupBy(submissions.miner)
    .orderBy(asc(submissions.miner)),
);

const children = alias(adapters, "child");
const readVersion = recordsReader(["id"], ({ id }) =>
  select({
    ...versionRecord,
    lineage,
    children: valuesOf(children.id, eq(children.parentId, adapters.id)),
    contributors,
    attestations: attestationsOf(adapters.poolId, adapters.round),
    model: rowOf(select(fieldsOf(models)).from(models).where(eq(models.id, adapters.modelId))),
    dataset: rowOf(
      select(fieldsOf(datasets)).from(datasets).where(eq(datasets.id, adapters.datasetId)),
    ),
  })
    .from(adapters)
    .where(eq(adapters.id, id)),
);

const readModel = recordsReader(["id"], ({ id }) =>
  select(fieldsOf(models)).from(models).where(eq(models.id, id)),
);

const made = select({ id: adapters.id })
  .from(adapters)
  .where(eq(adapters.datasetId, datasets.id))
  .orderBy(desc(adapters.id))
  .limit(lineageMax);
const isRoyalty = and(
  eq(earnings.owner, datasets.royaltyAddress),
  eq(earnings.role, "data_provider"),
) as SQL;
const readDataset = recordsReader(["id"], ({ id }) =>
  select({
    ...fieldsOf(datasets),
    poolIds: valuesOf(pools.id, eq(pools.datasetId, datasets.id)),
    adapterIds: sql`(select coalesce(json_agg(item.id order by item.id), '[]') from (${made}) as item)`,
    credited: sumOf(earnings.credited, isRoyalty),
  })
    .from(datasets)
    .where(eq(datasets.id, id)),
);

export function addAdapterRoutes(server: ApiServer, deps: ExplorerDeps): void {
  addVersionRoutes(server, deps);
  addRegistryRoutes(server, deps);
}

function addVersionRoutes(server: ApiServer, { database }: ExplorerDeps): void {
  const { sql: reader } = database;

  addRead(
    server,
    "/adapters",
    {
      summary: "Adapter versions, the newest first",
      query: pageQuery.extend({
        poolId: queryNumber.optional(),
        modelId: queryNumber.optional(),
        datasetId: queryNumber.optional(),
        parentId: queryNumber.optional(),
      }),
      reply: pageOf(adapter, "AdapterPage"),
    },
    ({ query }) => readVersions(reader, query),
  );

  addRead(
    server,
    "/adapters/:id",
    {
      summary: "A version with its lineage, and who and what made it",
      params: byId,
      reply: adapterDetail,
    },
    async ({ params: { id } }) =>
      theOne(await readVersion(reader, { id }), { code: "ADAPTER_NOT_FOUND", adapter: id }),
  );
}

function addRegistryRoutes(server: ApiServer, { database }: ExplorerDeps): void {
  const { sql: reader } = database;

  addRead(
    server,
    "/models",
    { summary: "Models, the newest first", query: pageQuery, reply: pageOf(model, "ModelPage") },
    ({ query }) => readModels(reader, query),
  );

  addRead(
    server,
    "/models/:id",
    { summary: "A model", params: byId, reply: model },
    async ({ params: { id } }) =>
      theOne(await readModel(reader, { id }), { code: "MODEL_NOT_FOUND", id }),
  );

  addRead(
    server,
    "/referees",
    {
      summary: "Modules that judge tiles, the newest first",
      query: pageQuery,
      reply: pageOf(referee, "RefereePage"),
    },
    ({ query }) => readReferees(reader, query),
  );

  addRead(
    server,
    "/datasets",
    {
      summary: "Datasets, the newest first",
      query: pageQuery,
      reply: pageOf(dataset, "DatasetPage"),
    },
    ({ query }) => readDatasets(reader, query),
  );

  addRead(
    server,
    "/datasets/:id",
    {
      summary: "A dataset with what used it and what that paid",
      params: byId,
      reply: datasetDetail,
    },
    async ({ params: { id } }) =>
      theOne(await readDataset(reader, { id }), { code: "DATASET_NOT_FOUND", id }),
  );
}
