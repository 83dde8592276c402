/** What a library says when the disk refuses a block, as an error of ours. */
import { R3mesError } from "@r3mes/protocol";

/** @throws CONTENT_NOT_STORED */
export async function storing<T>(write: () => T | Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof R3mesError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new R3mesError({ code: "CONTENT_NOT_STORED", reason }, { cause: error });
  }
}
