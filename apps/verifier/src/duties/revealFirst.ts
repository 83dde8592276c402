/**
 * What a verifier that comes back may owe this very block: the secrets that it has promised for the beacon. They lie in its journal,
 * so they are opened before anything is loaded that computes; the window is a few blocks long, and whoever misses it is fined.
 */
import { type Account, trying } from "@r3mes/participant/process";
import { DutyKind } from "@r3mes/protocol/messages";
import type { Journal } from "@r3mes/service";
import type { VerifierRecord } from "../verifierRecord.ts";
import { createOpener } from "./beacon.ts";

/** What fails is told, and tried again when the verifier works. Who has promised nothing yet owes nothing, and asks for nothing. */
export async function revealFirst(account: Account): Promise<void> {
  const { address, log, query, rpc } = account;
  const journal = account.journal as Journal<VerifierRecord>;
  if (!journal.records.some(({ kind }) => kind === "secret")) return;
  const opener = createOpener({ operator: address }, { ...account, journal });
  await trying(account, { duty: "first" }, async () => {
    const { latestHeight } = await rpc.status();
    const { duties } = await query.duties({ operator: address });
    for (const { kind, id, fromHeight } of duties) {
      if (kind !== DutyKind.REVEAL_BEACON) continue;
      if (latestHeight < (opener.openAfter(id) ?? fromHeight)) continue;
      await opener.reveal(id);
      log.info({ epoch: String(id) }, "beacon revealed");
    }
  });
}
