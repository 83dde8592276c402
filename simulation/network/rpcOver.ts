/** The node's RPC as one participant has it: over a link that may be cut or slow. */
import type {
  BlockData,
  BlockResults,
  ChainRpc,
  CheckResult,
  NodeStatus,
  QueryResult,
} from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import type { Clock } from "@r3mes/service";

export interface Link {
  readonly isCut: () => boolean;
  /** How long a transaction is on its way, in milliseconds; asked for each. */
  readonly delayMs: () => number;
}

export interface KeptBlock {
  readonly data: BlockData;
  readonly results: BlockResults;
}

/** What a node answers at once. */
export interface NodeAnswers {
  status(): NodeStatus;
  kept(height: bigint): KeptBlock | undefined;
  offer(transaction: Uint8Array): CheckResult;
  query(path: string, request: Uint8Array): QueryResult;
}

export function rpcOver(link: Link, node: NodeAnswers, clock: Clock): ChainRpc {
  const url = "simulated";
  const over = async <T>(answer: () => T): Promise<T> => {
    if (link.isCut()) throw new R3mesError({ code: "NODE_UNREACHABLE", url, reason: "cut" });
    return answer();
  };
  const kept = (height: bigint): KeptBlock => {
    const found = node.kept(height);
    if (found === undefined) throw new R3mesError({ code: "BLOCK_NOT_READY", url });
    return found;
  };
  return {
    status: () => over(node.status),
    block: (height) => over(() => kept(height).data),
    blockResults: (height) => over(() => kept(height).results),
    async broadcast(bytes) {
      await clock.sleep(link.delayMs());
      return over(() => node.offer(bytes));
    },
    query: (path, request) => over(() => node.query(path, request)),
    close() {},
  };
}
