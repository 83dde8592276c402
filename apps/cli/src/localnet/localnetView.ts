/** How a running localnet shows itself, whatever the form. */
import type { LocalnetStatus } from "./localnetStatus.ts";

export type LocalnetView = {
  /** Something was begun or noticed, in a few words. */
  readonly step: (text: string) => void;
  /** Called about once a second and on every change of a process. */
  readonly show: (status: LocalnetStatus) => void;
  /** Every process is ready. */
  readonly ready: (status: LocalnetStatus) => void;
  /** The end has begun. */
  readonly stopping: (reason: string) => void;
  /** Nothing runs any more. */
  readonly stopped: (lastHeight: number | null) => void;
};
