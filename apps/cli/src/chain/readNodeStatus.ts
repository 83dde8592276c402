/** Asks a node of the localnet how far its chain is. */
import { z } from "zod";
import type { ValidatorState } from "../localnet/localnetState.ts";

export type NodeStatus = {
  readonly chainId: string;
  /** 0 before the first block. */
  readonly height: number;
  /** Time in the header of the newest block, milliseconds since 1970 (UTC). */
  readonly blockTimeMs: number;
  readonly peers: number;
};

const statusSchema = z.object({
  result: z.object({
    node_info: z.object({ id: z.string(), network: z.string() }),
    sync_info: z.object({ latest_block_height: z.coerce.number(), latest_block_time: z.string() }),
  }),
});
const peersSchema = z.object({ result: z.object({ n_peers: z.coerce.number() }) });

const answerWithinMs = 2_000;

/** Null when nothing answers on its port, or something that is not this node: the port may be that of another localnet. */
export async function readNodeStatus(
  { nodeId, ports: { rpc } }: Pick<ValidatorState, "nodeId" | "ports">,
  signal?: AbortSignal,
): Promise<NodeStatus | null> {
  try {
    const [status, peers] = await Promise.all([
      ask(rpc, "status", signal).then((answer) => statusSchema.parse(answer).result),
      ask(rpc, "net_info", signal).then((answer) => peersSchema.parse(answer).result),
    ]);
    if (status.node_info.id !== nodeId) return null;
    return {
      chainId: status.node_info.network,
      height: status.sync_info.latest_block_height,
      blockTimeMs: Date.parse(status.sync_info.latest_block_time),
      peers: peers.n_peers,
    };
  } catch {
    return null;
  }
}

async function ask(port: number, path: string, signal?: AbortSignal): Promise<unknown> {
  const timeout = AbortSignal.timeout(answerWithinMs);
  const response = await fetch(`http://127.0.0.1:${port}/${path}`, {
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  });
  return response.json();
}
