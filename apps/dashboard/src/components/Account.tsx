/** An account by its address, leading to its page. */
import { hrefs } from "../frame/hrefs.ts";
import { Hash } from "./Hash.tsx";

export function Account({ address }: { readonly address: string | null }) {
  if (address === null || address === "") return <span className="text-ink-soft">nobody</span>;
  return <Hash value={address} href={hrefs.account(address)} what="address" />;
}
