/** An adapter's file from the network of a home folder: found on its chain by its root, fetched by its address, trusted in nothing. */
import { listAll } from "@r3mes/chain-client";
import { R3mesError, toHex } from "@r3mes/protocol";
import { openNetwork } from "../proof/openNetwork.ts";

/**
 * @param root hex
 * @throws RECEIPT_WEIGHTS_MISSING if there is no network, or its chain has no such version; and as `openNetwork` and its content do
 */
export async function adapterBytesOfNetwork(
  home: string,
  root: string,
  bytesMax: number,
): Promise<Uint8Array> {
  const missing = new R3mesError({ code: "RECEIPT_WEIGHTS_MISSING", what: "adapter", root });
  const { query, content, close } = await openNetwork(home).catch((error: unknown) => {
    throw error instanceof R3mesError && error.code === "NETWORK_NOT_NAMED" ? missing : error;
  });
  try {
    const versions = await listAll(query, "adapters");
    const found = versions.find((version) => toHex(version.root) === root);
    if (found === undefined) throw missing;
    return await content.get(found.cid, bytesMax);
  } finally {
    await close();
  }
}
