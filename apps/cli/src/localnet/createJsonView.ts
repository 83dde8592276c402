/** One JSON object a line for every change of state; blocks are not changes of state. */
import type { OutputStream } from "../host.ts";
import type { LocalnetStatus } from "./localnetStatus.ts";
import type { LocalnetView } from "./localnetView.ts";
import type { ProcessReport } from "./processSpec.ts";

export function createJsonView(stdout: OutputStream): LocalnetView {
  let before: readonly ProcessReport[] = [];
  const write = (event: object): void => void stdout.write(`${JSON.stringify(event)}\n`);
  const show = ({ processes }: LocalnetStatus): void => {
    processes.forEach((report, index) => {
      if (report.state !== before[index]?.state) write({ event: "process", ...report });
    });
    before = processes;
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
