/** The faucet of a localnet: every account of its processes gets its first funds from the founder, once. */
import type { Participant } from "@r3mes/participant";
import type { JournalRecord } from "@r3mes/service";
import { firstFunds } from "./genesisPlan.ts";
import { sendMessage } from "./sendMessage.ts";

interface FundedRecord extends JournalRecord {
  readonly kind: "funded";
  readonly address: string;
}

/** Sends to those of `addresses` that have had nothing yet. Returns how many there were. */
export async function fundAccounts(
  { journal, address: from, submit }: Pick<Participant, "journal" | "address" | "submit">,
  addresses: readonly string[],
): Promise<number> {
  const funded = new Set(
    journal.records.flatMap((record) => (record.kind === "funded" ? [record.address] : [])),
  );
  const missing = addresses.filter((address) => !funded.has(address));
  if (missing.length === 0) return 0;
  await submit(missing.map((address) => sendMessage(from, address, firstFunds)));
  for (const address of missing) {
    await journal.append({ kind: "funded", address } satisfies FundedRecord);
  }
  return missing.length;
}
