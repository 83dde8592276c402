/** From what somebody typed to the records that it may mean, the most likely first. */
import { chain, type Sql } from "@r3mes/database";
import { eq, ilike, or } from "drizzle-orm";
import type { z } from "zod";
import type { searchHit } from "./schemas/network.ts";

export type SearchHit = z.infer<typeof searchHit>;

const { accounts, adapters, blocks, cases, datasets, models, pools, submissions, transactions } =
  chain;
const hitsMax = 20;

export async function search(sql: Sql, query: string): Promise<SearchHit[]> {
  const found = await Promise.all([
    ...(/^\d{1,15}$/.test(query) ? byNumber(sql, Number(query)) : []),
    ...(/^[0-9a-f]{64}$/i.test(query) ? byHash(sql, query.toLowerCase()) : []),
    ...(/^remes1/.test(query) ? [byAddress(sql, query)] : []),
    ...(/^baf/.test(query) ? byCid(sql, query) : []),
    byName(sql, query),
  ]);
  return found.flat().slice(0, hitsMax);
}

function byNumber(sql: Sql, id: number): Promise<SearchHit[]>[] {
  const hit = (kind: SearchHit["kind"], label: string) => (rows: readonly unknown[]) =>
    rows.length === 0 ? [] : [{ kind, id: String(id), label: `${label} ${id}` }];
  return [
    sql.select().from(blocks).where(eq(blocks.height, id)).then(hit("block", "Block")),
    sql.select().from(adapters).where(eq(adapters.id, id)).then(hit("adapter", "Adapter")),
    sql.select().from(submissions).where(eq(submissions.id, id)).then(hit("submission", "Chunk")),
    sql.select().from(cases).where(eq(cases.id, id)).then(hit("case", "Dispute")),
    sql.select().from(pools).where(eq(pools.id, id)).then(hit("pool", "Pool")),
    sql.select().from(datasets).where(eq(datasets.id, id)).then(hit("dataset", "Dataset")),
    sql.select().from(models).where(eq(models.id, id)).then(hit("model", "Model")),
  ];
}

function byHash(sql: Sql, hash: string): Promise<SearchHit[]>[] {
  return [
    sql
      .select({ height: blocks.height })
      .from(blocks)
      .where(eq(blocks.hash, hash))
      .then((rows) =>
        rows.map(
          ({ height }): SearchHit => ({ kind: "block", id: hash, label: `Block ${height}` }),
        ),
      ),
    sql
      .select({ height: transactions.height })
      .from(transactions)
      .where(eq(transactions.hash, hash))
      .then((rows) =>
        rows.map(
          ({ height }): SearchHit => ({
            kind: "transaction",
            id: hash,
            label: `Transaction of block ${height}`,
          }),
        ),
      ),
    adaptersWhere(sql, eq(adapters.root, hash)),
    sql
      .select({ id: submissions.id })
      .from(submissions)
      .where(
        or(
          eq(submissions.commitment, hash),
          eq(submissions.stepsRoot, hash),
          eq(submissions.updateRoot, hash),
        ),
      )
      .then(submissionHits),
  ];
}

function byCid(sql: Sql, cid: string): Promise<SearchHit[]>[] {
  return [
    adaptersWhere(sql, eq(adapters.cid, cid)),
    sql
      .select({ id: submissions.id })
      .from(submissions)
      .where(eq(submissions.updateCid, cid))
      .then(submissionHits),
  ];
}

async function adaptersWhere(sql: Sql, where: ReturnType<typeof eq>): Promise<SearchHit[]> {
  const rows = await sql.select({ id: adapters.id }).from(adapters).where(where);
  return rows.map(({ id }) => ({ kind: "adapter", id: String(id), label: `Adapter ${id}` }));
}

function submissionHits(rows: readonly { readonly id: number }[]): SearchHit[] {
  return rows.map(({ id }) => ({ kind: "submission", id: String(id), label: `Chunk ${id}` }));
}

async function byAddress(sql: Sql, address: string): Promise<SearchHit[]> {
  const rows = await sql
    .select({ address: accounts.address })
    .from(accounts)
    .where(ilike(accounts.address, `${escaped(address)}%`))
    .limit(hitsMax);
  return rows.map((row) => ({ kind: "account", id: row.address, label: row.address }));
}

async function byName(sql: Sql, name: string): Promise<SearchHit[]> {
  const pattern = `%${escaped(name)}%`;
  const data = await sql
    .select({ id: datasets.id, name: datasets.name })
    .from(datasets)
    .where(ilike(datasets.name, pattern))
    .limit(hitsMax);
  const trained = await sql
    .select({ id: models.id, name: models.name })
    .from(models)
    .where(ilike(models.name, pattern))
    .limit(hitsMax);
  return [
    ...data.map(({ id, name: label }): SearchHit => ({ kind: "dataset", id: String(id), label })),
    ...trained.map(({ id, name: label }): SearchHit => ({ kind: "model", id: String(id), label })),
  ];
}

/** What somebody typed is text, not a pattern. */
function escaped(text: string): string {
  return text.replaceAll("\0", "").replace(/[\\%_]/g, "\\$&");
}
