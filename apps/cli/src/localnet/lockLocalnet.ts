/** One localnet per home folder. */
import { R3mesError } from "@r3mes/protocol";
import { acquireLock, fileFailure } from "@r3mes/service";

/** Returns the function that gives the lock back. `LOCALNET_RUNNING` when another holds it. */
export function lockLocalnet(path: string, home: string): () => void {
  try {
    return acquireLock(path, (pid) => new R3mesError({ code: "LOCALNET_RUNNING", home, pid }));
  } catch (error) {
    throw fileFailure(error, path);
  }
}
