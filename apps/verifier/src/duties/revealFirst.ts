/**
 * What a verifier that comes back may owe this very block, or one that comes before it works again: the secrets that it has promised for
 * the beacon. They lie in its journal, so they are opened before anything is loaded that computes, and beside the loading after that: the
 * window is a few blocks long, a busy machine loads for longer, and whoever misses it is fined.
 */
import { type Account, followHeights, trying } from "@r3mes/participant/process";
import { DutyKind } from "@r3mes/protocol/messages";
import type { Journal } from "@r3mes/service";
import type { VerifierRecord } from "../verifierRecord.ts";
import { createOpener } from "./beacon.ts";

/**
 * Resolves after a first look; what is not due yet is opened later, until the work begins. What fails is told, and tried again. Who has
 * promised nothing yet owes nothing, and asks for nothing.
 */
export async function revealFirst(account: Account): Promise<void> {
  const { address, log, query, rpc, shutdown, untilBegun } = account;
  const journal = account.journal as Journal<VerifierRecord>;
  const newest = journal.records.findLast(({ kind }) => kind === "secret");
  if (newest?.kind !== "secret") return;
  const opener = createOpener({ operator: address }, { ...account, journal });

  /** True when nothing that was promised can become due any more. */
  const look = async (height: bigint): Promise<boolean> => {
    const [{ duties }, { current }] = await Promise.all([
      query.duties({ operator: address }),
      query.beacon({}),
    ]);
    let isAnyLeft = false;
    for (const { kind, id, fromHeight } of duties) {
      if (kind !== DutyKind.REVEAL_BEACON) continue;
      if (height < (opener.openAfter(id) ?? fromHeight)) {
        isAnyLeft = true;
        continue;
      }
      await opener.reveal(id);
      log.info({ epoch: String(id) }, "beacon revealed");
    }
    return !isAnyLeft && current !== undefined && current.number >= BigInt(newest.epoch);
  };

  const lookFirst = async () => look((await rpc.status()).latestHeight);
  if (await trying(account, { duty: "first" }, lookFirst)) return;
  void lookOn().catch((error: unknown) => {
    // What the end of the process interrupts is no failure.
    if (!shutdown.signal.aborted) throw error;
  });

  async function lookOn(): Promise<void> {
    const signal = AbortSignal.any([untilBegun, shutdown.signal]);
    for await (const height of followHeights({ ...account, shutdown: { signal } })) {
      if (await trying(account, { duty: "first" }, () => look(height))) return;
    }
  }
}
