/** What a figure must be read with: the machine it was taken on, and how busy that was. */
import { cpus, loadavg, totalmem } from "node:os";

export type Machine = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMebibytes: number;
  readonly platform: string;
  readonly node: string;
  /** Processes that wanted a core on average over the last minute, before the run. */
  readonly load: number;
};

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryMebibytes: Math.round(totalmem() / 2 ** 20),
    platform: `${process.platform}-${process.arch}`,
    node: process.versions.node,
    load: loadavg()[0] ?? 0,
  };
}
