/** One JSON object a line for every change of state; blocks are not changes of state. */
import type { Clock } from "@r3mes/service";
import type { OutputStream } from "../host.ts";
import type { LocalnetStatus } from "./localnetStatus.ts";
import type { LocalnetView } from "./localnetView.ts";
import type { ProcessReport } from "./processSpec.ts";
import { stallWatch } from "./stallWatch.ts";

export function createJsonView(stdout: OutputStream, clock: Clock): LocalnetView {
  let before: readonly ProcessReport[] = [];
  const write = (event: object): void => void stdout.write(`${JSON.stringify(event)}\n`);
  const watch = stallWatch();
  const show = (status: LocalnetStatus): void => {
    const { processes, height } = status;
    processes.forEach((report, index) => {
      if (report.state !== before[index]?.state) write({ event: "process", ...report });
    });
    before = processes;
    const event = watch(status, clock.monotonicMs());
    if (event !== null) write({ event, height });
  };
  return {
    step: (text) => write({ event: "step", text }),
    show,
    ready: (status) => {
      show(status);
      write({ event: "ready", ...status });
    },
    stopping: (reason) => write({ event: "stopping", reason }),
    stopped: (height) => write({ event: "stopped", height }),
  };
}
