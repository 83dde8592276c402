"use client";
/** The name of a window after the record in it. Pages are files that know no record, so their own titles only name its kind. */
import { useEffect } from "react";

export function DocumentTitle({ of }: { readonly of: string }) {
  useEffect(() => {
    const title = `${of} · R3MES`;
    const write = () => {
      if (document.title !== title) document.title = title;
    };
    write();
    // The router writes the file's own title when it has led here, at times after this.
    const watch = new MutationObserver(write);
    watch.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => watch.disconnect();
  }, [of]);
  return null;
}
