/** Opens pools before they are needed: model and data are here, and checked, when the first chunk is leased or drawn. */
import { R3mesError } from "@r3mes/protocol";
import type { Logger } from "@r3mes/service";
import { createTaskQueue } from "./createTaskQueue.ts";
import type { TrainingPool } from "./openTrainingPool.ts";

export interface PrefetchDeps {
  /** The pools that this process works for now. */
  readonly pools: () => Promise<readonly bigint[]>;
  readonly openPool: (pool: bigint) => Promise<Pick<TrainingPool, "session">>;
  readonly log: Pick<Logger, "info" | "warn">;
}

/** To be called at every height; what could not be had is tried again at the next. */
export function createPrefetch({ pools, openPool, log }: PrefetchDeps): () => Promise<void> {
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
    for (const id of await pools()) {
      if (!opened.has(id)) tasks.begin(String(id), () => open(id));
    }
  };
}
