/** Refuses a chunk that the disk has no room for: what cannot be kept cannot be shown, and such a lease costs its bond. */
import { R3mesError } from "@r3mes/protocol";
import type { Disk } from "@r3mes/storage";
import { stateBytes, type TrainingPlan } from "@r3mes/training";

/** `chunks` are those of the plan that are not kept yet. @throws DISK_FULL */
export async function requireRoom(disk: Disk, plan: TrainingPlan, chunks: number): Promise<void> {
  // The states before and after each step, and an update, which is smaller than a state.
  const freeBytesMin = chunks * (plan.localSteps + 2) * stateBytes(plan);
  const freeBytes = await disk.freeBytes();
  if (freeBytes >= freeBytesMin) return;
  throw new R3mesError({ code: "DISK_FULL", path: disk.path, freeBytes, freeBytesMin });
}
