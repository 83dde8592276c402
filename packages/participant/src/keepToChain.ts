/**
 * A journal is about one chain. Another one of the same name, begun anew, gives the same numbers to other leases, rounds and epochs: what was
 * promised to the first would be a lie to it. So each life writes down a block of its chain, and the next one looks for it.
 */
import type { ChainRpc } from "@r3mes/chain-client";
import { R3mesError, toHex } from "@r3mes/protocol";
import { type Journal, type JournalRecord, keepNewest } from "@r3mes/service";

/** A block that the chain has had. */
interface ChainRecord extends JournalRecord {
  readonly kind: "chain";
  readonly height: string;
  /** In hex. */
  readonly hash: string;
}

/** A rule for what a journal keeps: the newest block. */
export const keepNewestBlock = keepNewest("chain", 1);

export interface KeepToChainDeps {
  readonly journal: Pick<Journal<JournalRecord>, "records" | "append">;
  readonly rpc: Pick<ChainRpc, "status" | "block">;
}

interface ChainAddress {
  readonly id: string;
  readonly rpc: string;
}

/** @throws CHAIN_ID_WRONG, CHAIN_WENT_BACK, JOURNAL_OF_OTHER_CHAIN; BLOCK_NOT_READY while the node catches up */
export async function keepToChain(chain: ChainAddress, deps: KeepToChainDeps): Promise<void> {
  const height = await lookForKnownBlock(chain, deps);
  const hash = toHex((await deps.rpc.block(height)).hash);
  await deps.journal.append({
    kind: "chain",
    height: String(height),
    hash,
  } satisfies ChainRecord);
}

/** Looks whether the node has the block that was written down, and returns the height of its newest one. Throws as `keepToChain` does. */
export async function lookForKnownBlock(
  chain: ChainAddress,
  { journal, rpc }: KeepToChainDeps,
): Promise<bigint> {
  const { chainId, latestHeight, earliestHeight, catchingUp } = await rpc.status();
  if (chainId !== chain.id) {
    throw new R3mesError({ code: "CHAIN_ID_WRONG", expected: chain.id, actual: chainId });
  }
  const known = journal.records.findLast(isBlock);
  const seen = BigInt(known?.height ?? 1);
  if (seen > latestHeight) {
    if (catchingUp || latestHeight === 0n) {
      throw new R3mesError({ code: "BLOCK_NOT_READY", url: chain.rpc });
    }
    throw new R3mesError({ code: "CHAIN_WENT_BACK", seen, latest: latestHeight });
  }
  const found = known && seen >= earliestHeight ? await hashAt(seen, rpc) : undefined;
  if (known !== undefined && found !== undefined && found !== known.hash) {
    throw new R3mesError({
      code: "JOURNAL_OF_OTHER_CHAIN",
      chain: chainId,
      height: seen,
      kept: known.hash,
      found,
    });
  }
  return latestHeight;
}

/** Undefined where the node has pruned it, of which it can say nothing: behind one address another may have told what is kept. */
async function hashAt(height: bigint, rpc: Pick<ChainRpc, "block">): Promise<string | undefined> {
  try {
    return toHex((await rpc.block(height)).hash);
  } catch (error) {
    if (error instanceof R3mesError && error.code === "BLOCKS_PRUNED") return undefined;
    throw error;
  }
}

function isBlock(record: JournalRecord): record is ChainRecord {
  return record.kind === "chain";
}
