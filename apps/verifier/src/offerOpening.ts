/**
 * The very first thing that a verifier does when it comes back: it offers the bytes that open what it has promised for these blocks. Its
 * key, its settings and its libraries take seconds to load on a busy machine, and the window is a few blocks; for this a journal and an
 * address are enough. It writes nothing, so it needs no lock: the same bytes, offered again, are the same transaction.
 */
import { join } from "node:path";
import { readConfigFile, readJournal } from "@r3mes/service/command";
import type { SecretRecord, VerifierRecord } from "./verifierRecord.ts";

const answerWithinMs = 2_000;

/** True if something was offered. What fails here is tried again, and told, by the verifier that starts now. */
export async function offerOpening(folder: string): Promise<boolean> {
  try {
    const opening = newestOpening(await readJournal<VerifierRecord>(join(folder, "journal")));
    if (opening === undefined) return false;
    const node = readConfigFile(join(folder, "config.toml"))?.get("chain.rpc");
    const status = (await ask(node, "status", {})) as NodeAnswer;
    const height = BigInt(status.sync_info.latest_block_height);
    // Sent now, it is in the next block at the earliest.
    if (height < BigInt(opening.after) || height >= BigInt(opening.until)) return false;
    await ask(node, "broadcast_tx_sync", {
      tx: Buffer.from(opening.bytes, "hex").toString("base64"),
    });
    return true;
  } catch {
    return false;
  }
}

function newestOpening(records: readonly VerifierRecord[]) {
  const isSecret = (record: VerifierRecord): record is SecretRecord => record.kind === "secret";
  return records.findLast(isSecret)?.opening;
}

interface NodeAnswer {
  readonly sync_info: { readonly latest_block_height: string };
}

async function ask(node: unknown, method: string, params: object): Promise<unknown> {
  const response = await fetch(String(node), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    signal: AbortSignal.timeout(answerWithinMs),
  });
  const { result } = (await response.json()) as { readonly result?: unknown };
  if (result === undefined) throw new Error(`no result of ${method}`);
  return result;
}
