/** The faucet of a localnet: every account of its processes gets its first funds from the founder, once. */
import { type ChainRpc, queryAccount, sendMessage } from "@r3mes/chain-client";
import type { Participant } from "@r3mes/participant";
import { R3mesError } from "@r3mes/protocol";
import type { JournalRecord } from "@r3mes/service";
import { firstFunds } from "./genesisPlan.ts";

interface FundedRecord extends JournalRecord {
  readonly kind: "funded";
  readonly address: string;
}

/**
 * Sends to those of `addresses` that have had nothing yet: an address that never received anything has no account, so that a kill
 * between the payment and the journal pays nothing twice. Returns how many there were.
 */
export async function fundAccounts(
  addresses: readonly string[],
  { journal, address: from, submit }: Pick<Participant, "journal" | "address" | "submit">,
  hasAccount: (address: string) => Promise<boolean>,
): Promise<number> {
  const funded = new Set(
    journal.records.flatMap((record) => (record.kind === "funded" ? [record.address] : [])),
  );
  const unknown = addresses.filter((address) => address !== from && !funded.has(address));
  const missing: string[] = [];
  for (const address of unknown) if (!(await hasAccount(address))) missing.push(address);
  if (missing.length > 0) {
    await submit(missing.map((address) => sendMessage(from, address, firstFunds)));
  }
  for (const address of unknown) {
    await journal.append({ kind: "funded", address } satisfies FundedRecord);
  }
  return missing.length;
}

/** Whether an address has ever received anything. */
export async function hasAccount(rpc: ChainRpc, address: string): Promise<boolean> {
  try {
    await queryAccount(rpc, address);
    return true;
  } catch (error) {
    if (error instanceof R3mesError && error.code === "ACCOUNT_UNKNOWN") return false;
    throw error;
  }
}
