/** Work beside the loop of heights: what waits for a block must not keep the loop from seeing the next one. */
import type { Logger } from "@r3mes/service";
import { isPassing } from "./isPassing.ts";

export interface Beside {
  /** Runs `work` now; a name that runs already is left alone. */
  begin(name: string, work: () => Promise<unknown>): void;
}

/** What the next height may find mended is logged. Anything else ends the process, as any mistake of ours does. */
export function createBeside({ log }: { readonly log: Pick<Logger, "warn"> }): Beside {
  const running = new Set<string>();
  const run = async (name: string, work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      if (!isPassing(error)) throw error;
      log.warn({ work: name, error }, "nothing could be done at this height");
    } finally {
      running.delete(name);
    }
  };
  return {
    begin(name, work) {
      if (running.has(name)) return;
      running.add(name);
      void run(name, work);
    },
  };
}
