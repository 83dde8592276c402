/** Content by its address, fetched through the API. Whoever asks checks what came against a root. */
import type { ContentSource } from "@r3mes/training";
import { CID } from "multiformats/cid";
import { contentHref } from "../api/contentHref.ts";
import { faultOf, fetchJson, unreachable } from "../api/fetchJson.ts";
import type { FolderEntries } from "../api/records.ts";

/** `onBytes` is told how many bytes each answer brought. */
export function contentOverHttp(onBytes: (count: number) => void): ContentSource {
  return {
    async get(cid) {
      const response = await fetch(contentHref(CID.decode(cid).toString())).catch((error) => {
        throw unreachable(error);
      });
      if (!response.ok) throw await faultOf(response);
      const bytes = new Uint8Array(await response.arrayBuffer());
      onBytes(bytes.length);
      return bytes;
    },
    async openFolder(cid) {
      const { entries } = await fetchJson<FolderEntries>(
        `${contentHref(CID.decode(cid).toString())}/entries`,
      );
      return new Map(entries.map((entry) => [entry.name, CID.parse(entry.cid).bytes]));
    },
  };
}
