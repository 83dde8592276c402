/** Where the bytes of an address can be had. */
import { explorer } from "./useRecord.ts";

export function contentHref(cid: string): string {
  return `${explorer}/content/${encodeURIComponent(cid)}`;
}
