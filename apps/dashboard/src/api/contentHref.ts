/** Where the bytes of an address can be had. */
import { explorer } from "./explorer.ts";

export function contentHref(cid: string): string {
  return `${explorer}/content/${encodeURIComponent(cid)}`;
}
