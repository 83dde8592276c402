/** Opens pools before they are needed: model and data are here, and checked, when the first chunk is leased or drawn. */
import { R3mesError } from "@r3mes/protocol";
import { createTaskQueue } from "./createTaskQueue.ts";
import { idsOfOpenPools } from "./idsOfOpenPools.ts";
import type { Participant } from "./openParticipant.ts";
import type { TrainingPool } from "./openTrainingPool.ts";

/** To be called at every height; what could not be had is tried again at the next. */
export function createPrefetch(
  { query, log }: Pick<Participant, "query" | "log">,
  openPool: (pool: bigint) => Promise<TrainingPool>,
): () => Promise<void> {
  const opened = new Set<bigint>();
  const tasks = createTaskQueue();
  const open = async (id: bigint) => {
    try {
      await (await openPool(id)).session();
      opened.add(id);
      log.info({ pool: String(id) }, "pool opened");
    } catch (error) {
      if (!(error instanceof R3mesError)) throw error;
      log.warn({ pool: String(id), error }, "pool not opened yet");
    }
  };
  return async () => {
    for (const id of await idsOfOpenPools(query)) {
      if (!opened.has(id)) tasks.begin(String(id), () => open(id));
    }
  };
}
