/** The content store that the settings name: an IPFS node in this process, or a Kubo that runs beside it. */
import type { IpfsStore } from "@r3mes/storage";
import { readText } from "./readText.ts";

export interface StorePlan {
  /** Where a node in this process keeps its blocks. */
  readonly folder: string;
  readonly listen: string;
  /** File with the key of the private swarm. */
  readonly swarmKey: string;
  /** RPC address of a Kubo, which then takes the place of the node in this process. */
  readonly kubo?: string | undefined;
  /** Names what this process holds in a Kubo that it shares. */
  readonly owner: string;
}

/** @throws FILE_UNREADABLE, STORE_UNREACHABLE, STORE_REFUSED, KUBO_TOO_OLD */
export async function openStore(plan: StorePlan): Promise<IpfsStore> {
  const { folder, listen, kubo, owner } = plan;
  const { ipfsStore, kuboStore } = await import("@r3mes/storage");
  if (kubo !== undefined) return kuboStore({ url: kubo, owner });
  return ipfsStore({ folder, listen: [listen], swarmKey: await readText(plan.swarmKey) });
}
