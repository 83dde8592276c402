/**
 * What this package needs of a node: seven calls. `connectRpc` gives the real ones over CometBFT's RPC; tests pass a chain
 * of their own. It must not hold state of its own.
 */

export interface ChainRpc {
  status(): Promise<NodeStatus>;
  block(height: bigint): Promise<BlockData>;
  blockResults(height: bigint): Promise<BlockResults>;
  /** Offers a transaction to the node's mempool and returns what CheckTx says. */
  broadcast(transaction: Uint8Array): Promise<CheckResult>;
  /** Asks the application; `height` 0 means the latest committed state. */
  query(path: string, request: Uint8Array, height: bigint): Promise<QueryResult>;
  close(): void;
}

export interface NodeStatus {
  readonly chainId: string;
  readonly latestHeight: bigint;
  readonly earliestHeight: bigint;
  /** Nanoseconds since 1970. */
  readonly latestTime: bigint;
  readonly catchingUp: boolean;
}

export interface BlockData {
  readonly height: bigint;
  readonly hash: Uint8Array;
  /** Hash of the block before; empty for the first. */
  readonly parentHash: Uint8Array;
  /** Consensus address of the validator that proposed it, 20 bytes. */
  readonly proposer: Uint8Array;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  readonly transactions: readonly Uint8Array[];
}

export interface RawEvent {
  readonly type: string;
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
}

export interface ExecutionResult {
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  readonly gasWanted: bigint;
  readonly gasUsed: bigint;
  readonly events: readonly RawEvent[];
}

export interface BlockResults {
  readonly height: bigint;
  /** One for each transaction of the block, in its order. */
  readonly transactions: readonly ExecutionResult[];
  /** Events of the block itself: settlements, expiries. */
  readonly blockEvents: readonly RawEvent[];
}

export interface CheckResult {
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
}

export interface QueryResult {
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  readonly value: Uint8Array;
  readonly height: bigint;
}
