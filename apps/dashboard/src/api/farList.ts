/**
 * A list that somebody has scrolled far into. What stands there is history, which does not change, and to renew such a list is to ask
 * for each of its pages once more: so it is left as it is, until it is looked at from its head again.
 */
import type { InfiniteData } from "@tanstack/react-query";

/** Pages that are renewed together. */
const renewedPagesMax = 3;

type Pages = Pick<InfiniteData<unknown>, "pages">;

/** Of whatever a query holds. */
export function isFarList(data: unknown): boolean {
  return ((data as Partial<Pages> | undefined)?.pages?.length ?? 1) > renewedPagesMax;
}

/** The list as somebody sees it who has not scrolled. */
export function headOf<Page, At>({
  pages,
  pageParams,
}: InfiniteData<Page, At>): InfiniteData<Page, At> {
  return { pages: pages.slice(0, 1), pageParams: pageParams.slice(0, 1) };
}
