/** A list of the chain in full, whatever a page of it holds. A list query answers in a field of its own name. */
import type { Client } from "@connectrpc/connect";
import type { Query } from "@r3mes/protocol/messages";

type Queries = Client<typeof Query>;
type Asked<Name extends keyof Queries> = Parameters<Queries[Name]>[0];
type Answer<Name extends keyof Queries> = Awaited<ReturnType<Queries[Name]>>;

/** The queries that answer in pages. */
type ListName = {
  [Name in keyof Queries]: "pagination" extends keyof Answer<Name> ? Name : never;
}[keyof Queries];

type Row<Name extends ListName> =
  Answer<Name> extends Page<Name, infer Item extends object> ? Item : never;

type Page<Name extends string, Item> = { readonly [name in Name]: readonly Item[] } & {
  readonly pagination?: { readonly nextKey: Uint8Array } | undefined;
};

/** Rows of a page: some hundred bytes each. */
const pageRows = 500n;

/** As in `listAll(query, "submissions", { poolId, round })`. */
export async function listAll<Name extends ListName>(
  query: Pick<Queries, Name>,
  name: Name,
  asked: Asked<Name> = {},
): Promise<Row<Name>[]> {
  const ask = query[name] as unknown as (asked: object) => Promise<Page<Name, Row<Name>>>;
  const rows: Row<Name>[] = [];
  for (let key = new Uint8Array(0); ; ) {
    const page = await ask({ ...asked, pagination: { key, limit: pageRows } });
    rows.push(...page[name]);
    key = Uint8Array.from(page.pagination?.nextKey ?? []);
    if (key.length === 0) return rows;
  }
}
