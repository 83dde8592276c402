/** Long duties, one at a time, beside the short ones: a beacon that must be opened does not wait for a step that is run again. */
import { createTaskQueue } from "@r3mes/participant";
import { R3mesError } from "@r3mes/protocol";
import type { VerifierDeps } from "./verifierDeps.ts";

export interface DutyQueue {
  begin(duty: string, run: () => Promise<unknown>): void;
}

export function createDutyQueue(deps: Pick<VerifierDeps, "log">): DutyQueue {
  const tasks = createTaskQueue();
  return { begin: (duty, run) => tasks.begin(duty, () => trying(deps, duty, run)) };
}

/** A duty that fails is logged with its code and tried again at the next block, until its window has closed. */
export async function trying<T>(
  { log }: Pick<VerifierDeps, "log">,
  duty: string,
  run: () => Promise<T>,
): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof R3mesError)) throw error;
    log.warn({ duty, error: error.toJSON() }, "duty failed");
    return null;
  }
}
