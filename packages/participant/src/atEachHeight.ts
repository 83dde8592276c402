/** The loop of a participant: work at every new height, until it is asked to end. */
import { R3mesError } from "@r3mes/protocol";
import { followHeights } from "./followHeights.ts";
import type { Participant } from "./openParticipant.ts";

/** What the next height may find mended: a node that restarts, a record that is not there yet. */
const passing: ReadonlySet<string> = new Set([
  "BLOCK_NOT_READY",
  "NODE_ANSWERED_ERROR",
  "NODE_UNREACHABLE",
]);

export async function atEachHeight(
  participant: Participant,
  work: (height: bigint) => Promise<void>,
): Promise<void> {
  const { log, shutdown } = participant;
  for await (const height of followHeights(participant)) {
    try {
      await work(height);
    } catch (error) {
      if (shutdown.signal.aborted) return;
      if (!(error instanceof R3mesError) || !passing.has(error.code)) throw error;
      log.warn({ height: String(height), error }, "nothing could be done at this height");
    }
  }
}
