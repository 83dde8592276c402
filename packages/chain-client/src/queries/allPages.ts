/** A list of the chain in full, whatever a page holds. */

/** What a query is given for its page, and what it answers. */
export interface PageAsked {
  readonly key: Uint8Array<ArrayBuffer>;
  readonly limit: bigint;
}

interface Answer {
  readonly pagination?: { readonly nextKey: Uint8Array } | undefined;
}

/** Rows of a page: some hundred bytes each. */
const pageRows = 500n;

/** As in `allPages((pagination) => query.pools({ pagination }), ({ pools }) => pools)`. */
export async function allPages<Page extends Answer, Row>(
  ask: (pagination: PageAsked) => Promise<Page>,
  rowsOf: (page: Page) => readonly Row[],
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let key = new Uint8Array(0); ; ) {
    const page = await ask({ key, limit: pageRows });
    rows.push(...rowsOf(page));
    key = Uint8Array.from(page.pagination?.nextKey ?? []);
    if (key.length === 0) return rows;
  }
}
