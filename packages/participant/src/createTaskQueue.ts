/** Long work beside everything else that is due: one task after the other, each named, and none begun twice while it lasts. */

/** A task calls `letGo` once it needs nothing more of what all tasks share; the next one begins then, while it does the rest. */
export type Task = (letGo: () => void) => Promise<unknown>;

export interface TaskQueue {
  /** Runs `task` once those before it have let go or ended; a name that waits or runs already is left alone. */
  begin(name: string, task: Task): void;
  /** The same, once all before it have ended. */
  beginAlone(name: string, task: Task): void;
}

/** A task that rejects ends the process, as any mistake of ours does: what the world may do is the task's own to catch. */
export function createTaskQueue(): TaskQueue {
  const begun = new Set<string>();
  let free: Promise<void> = Promise.resolve();
  let ended: Promise<void> = Promise.resolve();
  const follow = (before: Promise<void>, name: string, task: Task) => {
    if (begun.has(name)) return;
    begun.add(name);
    free = new Promise((letGo, fail) => {
      const end = before.then(() => task(letGo)).finally(() => begun.delete(name));
      end.then(() => letGo(), fail);
      ended = Promise.all([ended, end]).then(() => undefined);
    });
  };
  return {
    begin: (name, task) => follow(free, name, task),
    beginAlone: (name, task) => follow(ended, name, task),
  };
}
