/** What one can do with a version: take it home, or ask it something. */
import { Download, MessageSquareText } from "lucide-react";
import Link from "next/link";
import { contentHref } from "../../api/contentHref.ts";
import type { AdapterDetail } from "../../api/records.ts";

const look =
  "inline-flex items-center gap-1.5 rounded-md border border-line-strong bg-surface px-3 py-1.5 hover:bg-raised";

export function AdapterActions({ adapter }: { readonly adapter: AdapterDetail }) {
  return (
    <>
      <a className={look} href={contentHref(adapter.cid)} download={`adapter-${adapter.id}.bin`}>
        <Download aria-hidden size={14} />
        Download
      </a>
      {adapter.status !== "recalled" && (
        <Link className={look} href={`/playground?adapter=${adapter.id}`} prefetch={false}>
          <MessageSquareText aria-hidden size={14} />
          Try it
        </Link>
      )}
    </>
  );
}
