/** A duty that fails is told and tried again at a later block, for as long as it is due. */
import { R3mesError } from "@r3mes/protocol";
import type { Logger } from "@r3mes/service";

/** What `run` gives; null when it failed by an error of the catalogue. Anything else is a mistake of ours, and thrown. */
export async function trying<T>(
  { log }: { readonly log: Pick<Logger, "warn"> },
  fields: Readonly<Record<string, string | number>>,
  run: () => Promise<T>,
): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof R3mesError)) throw error;
    log.warn({ ...fields, error: error.toJSON() }, "duty failed");
    return null;
  }
}
