/** Long work beside everything else that is due: one task at a time, each named, and none begun twice while it lasts. */

export interface TaskQueue {
  /** Runs `task` once those before it are done; a name that waits or runs already is left alone. */
  begin(name: string, task: () => Promise<unknown>): void;
}

/** A task that rejects ends the process, as any mistake of ours does: what the world may do is the task's own to catch. */
export function createTaskQueue(): TaskQueue {
  const begun = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    begin(name, task) {
      if (begun.has(name)) return;
      begun.add(name);
      last = last.then(task).finally(() => begun.delete(name));
    },
  };
}
