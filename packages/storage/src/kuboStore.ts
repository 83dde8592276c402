/**
 * A content store in a Kubo that runs beside, by the address of its RPC. Several stores may share one Kubo: what each needs it holds in
 * a folder of its own, and only what nobody holds is collected. Whoever reaches the RPC may do anything with that Kubo, so it is asked
 * on the loopback or through a tunnel, never in the open.
 */
import { R3mesError } from "@r3mes/protocol";
import type { ContentId } from "./contentId.ts";
import { createContentStore } from "./createContentStore.ts";
import type { IpfsStore } from "./ipfsStore.ts";
import { blocksInKubo, blocksThroughKubo } from "./kuboBlocks.ts";
import { collectGarbage, createHold } from "./kuboHold.ts";
import { askJson, askText, kuboRpc } from "./kuboRpc.ts";
import { isRecentKubo, kuboVersionMin } from "./kuboVersion.ts";

export interface KuboStoreOptions {
  /** Address of the RPC, as in http://127.0.0.1:5001. */
  readonly url: string;
  /** Names what this store holds, among the stores that share the Kubo: lower-case letters and digits. */
  readonly owner: string;
}

/** Throws STORE_UNREACHABLE while there is no Kubo, STORE_REFUSED by what is none, and KUBO_TOO_OLD. */
export async function kuboStore({ url, owner }: KuboStoreOptions): Promise<IpfsStore> {
  const rpc = kuboRpc(url);
  const { Version = "unknown" } = (await askJson(rpc, "version")) as { readonly Version?: string };
  if (!isRecentKubo(Version)) {
    throw new R3mesError({ code: "KUBO_TOO_OLD", found: Version, needed: kuboVersionMin });
  }
  const { Addresses } = (await askJson(rpc, "id")) as { readonly Addresses: string[] | null };
  const hold = createHold(rpc, `/r3mes/${owner}`);
  const store = createContentStore({
    local: blocksInKubo(rpc),
    source: blocksThroughKubo(rpc),
    async keepOnly(ids) {
      await hold.change(ids);
      return collectGarbage(rpc);
    },
  });
  const held = async (writing: Promise<ContentId>): Promise<ContentId> => {
    const id = await writing;
    await hold.add(id);
    // Somebody else's collection may have come between the blocks and the hold.
    if (await hold.isWhole(id)) return id;
    throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: id });
  };
  return {
    ...store,
    put: (content) => held(store.put(content)),
    putFolder: (files) => held(store.putFolder(files)),
    addresses: Addresses ?? [],
    async connect(address, signal) {
      try {
        await askText(
          rpc,
          "swarm/connect",
          [["arg", address]],
          signal === undefined ? {} : { signal },
        );
      } catch (error) {
        throw new R3mesError({ code: "PEER_UNREACHABLE", address }, { cause: error });
      }
    },
  };
}
