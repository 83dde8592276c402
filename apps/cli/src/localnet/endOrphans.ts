/** Ends the processes that a supervisor left behind when it was killed outright. */
import { type Clock, isAlive, type ProcessIdentity } from "@r3mes/service";
import { readRunRecord, removeRunRecord } from "./runRecord.ts";

const gracefulMs = 4_000;
const pollMs = 50;

/**
 * Returns the names of those that were still there. May be called only by the holder of the lock,
 * and touches only processes that the record names and that were born when it says.
 */
export async function endOrphans(runFile: string, clock: Clock): Promise<readonly string[]> {
  const record = readRunRecord(runFile);
  const orphans = (record?.processes ?? []).flatMap(({ name, process }) =>
    process !== null && isAlive(process) ? [{ name, process }] : [],
  );
  for (const { process } of orphans) signalGroup(process, "SIGTERM");
  const deadlineMs = clock.monotonicMs() + gracefulMs;
  while (orphans.some(({ process }) => isAlive(process)) && clock.monotonicMs() < deadlineMs) {
    await clock.sleep(pollMs);
  }
  for (const { process } of orphans) signalGroup(process, "SIGKILL");
  removeRunRecord(runFile);
  return orphans.map(({ name }) => name);
}

function signalGroup(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(-identity.pid, signal);
  } catch (error) {
    // It ended between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
