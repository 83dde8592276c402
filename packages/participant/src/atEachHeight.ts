/** The loop of a participant: work at every new height, until it is asked to end. */
import { type FollowHeightsDeps, followHeights } from "./followHeights.ts";
import { isPassing } from "./isPassing.ts";

export async function atEachHeight(
  participant: FollowHeightsDeps,
  work: (height: bigint) => Promise<void>,
): Promise<void> {
  const { log, shutdown } = participant;
  for await (const height of followHeights(participant)) {
    try {
      await work(height);
    } catch (error) {
      if (shutdown.signal.aborted) return;
      if (!isPassing(error)) throw error;
      log.warn({ height: String(height), error }, "nothing could be done at this height");
    }
  }
}
