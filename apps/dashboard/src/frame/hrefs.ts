/** Where each record is shown. Pages are files, so a record's name stands in the query. */
import type { SearchHit } from "../api/records.ts";

export const hrefs = {
  block: (id: number | string) => `/block?id=${id}`,
  transaction: (hash: string) => `/transaction?hash=${hash}`,
  round: (pool: number, round: number) => `/round?pool=${pool}&round=${round}`,
  chunk: (pool: number, round: number, chunk: number) =>
    `/chunk?pool=${pool}&round=${round}&chunk=${chunk}`,
  submission: (id: number | string) => `/chunk?submission=${id}`,
  adapter: (id: number | string) => `/adapter?id=${id}`,
  account: (address: string) => `/miner?address=${address}`,
  case: (id: number | string) => `/dispute?id=${id}`,
  pool: (id: number | string) => `/rounds?pool=${id}`,
} as const;

/** The page of a search hit; null for what has no page of its own. */
export function hrefOfHit({ kind, id }: SearchHit): string | null {
  const name = encodeURIComponent(id);
  switch (kind) {
    case "block":
      return hrefs.block(name);
    case "transaction":
      return hrefs.transaction(name);
    case "account":
      return hrefs.account(name);
    case "pool":
      return hrefs.pool(name);
    case "submission":
      return hrefs.submission(name);
    case "adapter":
      return hrefs.adapter(name);
    case "case":
      return hrefs.case(name);
    case "round": {
      const [pool, round] = id.match(/\d+/g) ?? [];
      return pool === undefined || round === undefined
        ? null
        : hrefs.round(Number(pool), Number(round));
    }
    default:
      return null;
  }
}
