/** The height of a block, leading to it. */
import { groupDigits } from "../format/groupDigits.ts";
import { hrefs } from "../frame/hrefs.ts";
import { TextLink } from "./Hash.tsx";

export function Height({ value }: { readonly value: number | null }) {
  if (value === null) return <span className="text-ink-soft">not yet</span>;
  return <TextLink href={hrefs.block(value)}>#{groupDigits(value)}</TextLink>;
}
