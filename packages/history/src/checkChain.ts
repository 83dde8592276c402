/** Tells whether a node still has the chain that the tables were made from. */
import type { ChainRpc } from "@r3mes/chain-client";
import { chain, type Database } from "@r3mes/database";
import { R3mesError, toHex } from "@r3mes/protocol";
import { eq } from "drizzle-orm";
import { type Cursor, readCursor } from "./readCursor.ts";

/** The chain that a node has, and the last block of it that is in the tables; none in empty ones. */
export interface KnownChain {
  readonly chainId: string;
  readonly cursor: Cursor | undefined;
}

/**
 * The last block that is in the tables; undefined for empty ones. A node that is behind is asked for the block that it has:
 * it may only have been slower. Rejects with INDEX_CHAIN_DIFFERENT, INDEX_CHAIN_RESET or INDEX_TABLES_NEWER.
 */
export async function checkChain(
  database: Database,
  rpc: Pick<ChainRpc, "status" | "block">,
): Promise<KnownChain> {
  const { chainId, latestHeight, earliestHeight } = await rpc.status();
  const cursor = await readCursor(database);
  if (cursor === undefined) return { chainId, cursor };
  if (cursor.chainId !== chainId) {
    throw new R3mesError({
      code: "INDEX_CHAIN_DIFFERENT",
      indexed: cursor.chainId,
      found: chainId,
    });
  }
  const height = Math.min(cursor.height, Number(latestHeight));
  // A node that has no block yet can say nothing either.
  if (height < Math.max(1, Number(earliestHeight))) return { chainId, cursor };
  const found = await hashAt(height, rpc);
  const [block] = await database.sql
    .select()
    .from(chain.blocks)
    .where(eq(chain.blocks.height, height));
  if (block !== undefined && found !== undefined && block.hash !== found) {
    throw new R3mesError({ code: "INDEX_CHAIN_RESET", height, indexed: block.hash, found });
  }
  return { chainId, cursor };
}

/** Undefined where the node that is asked has pruned it: behind one address another may have told what it keeps. */
async function hashAt(height: number, rpc: Pick<ChainRpc, "block">): Promise<string | undefined> {
  try {
    return toHex((await rpc.block(BigInt(height))).hash);
  } catch (error) {
    if (error instanceof R3mesError && error.code === "BLOCKS_PRUNED") return undefined;
    throw error;
  }
}
