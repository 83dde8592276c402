/** Plain lines for a log file or a pipe: one for every change and every round, and one a minute for the height. */
import type { Clock } from "@r3mes/service";
import type { OutputStream } from "../host.ts";
import { keyCommand } from "./keyCommand.ts";
import type { LocalnetStatus } from "./localnetStatus.ts";
import type { LocalnetView } from "./localnetView.ts";
import type { ProcessReport } from "./processSpec.ts";
import { roundWatch } from "./roundWatch.ts";
import { stallWatch } from "./stallWatch.ts";

const heightEveryMs = 60_000;

export function createLineView(stdout: OutputStream, clock: Clock): LocalnetView {
  let before: readonly ProcessReport[] = [];
  let heightBlockMs = 0;
  const watch = stallWatch();
  const endedRounds = roundWatch();
  const line = (text: string): void => void stdout.write(`${text}\n`);
  const show = (status: LocalnetStatus): void => {
    status.processes.forEach(({ name, state }, index) => {
      if (state !== before[index]?.state && state !== "waiting") line(`${name} ${state}`);
    });
    before = status.processes;
    const change = watch(status, clock.monotonicMs());
    if (change === "stalled") line(`no block since height ${status.height}: see the logs`);
    if (change === "moving") line("blocks again");
    for (const text of endedRounds(status.pools)) line(`height ${status.height}  ${text}`);
    const blockMs = status.blockTimeMs ?? 0;
    if (blockMs - heightBlockMs < heightEveryMs || !status.height) return;
    line(`height ${status.height}`);
    heightBlockMs = blockMs;
  };
  return {
    step: line,
    show,
    ready: (status) => {
      show(status);
      line(`ready: ${status.chainId} at height ${status.height ?? "unknown"}`);
      const { dashboard, api, rpc, rest, grpc } = status.urls;
      line(`RPC ${rpc}`);
      line(`REST ${rest}`);
      line(`gRPC ${grpc}`);
      if (api !== undefined) {
        line(`API ${api}`);
        line(`API key: ${keyCommand(status.home)}`);
        line(`ask, once a round has made a version: ${askingCommand(api, status.home)}`);
      }
      line(`logs ${status.logs}`);
      if (dashboard !== undefined) line(`open ${dashboard}`);
    },
    stopping: (reason) => line(`stopping (${reason})`),
    stopped: (height) => line(`stopped${height === null ? "" : ` at height ${height}`}`),
  };
}

/** One line for a shell that asks the newest adapter of the first pool. */
function askingCommand(api: string, home: string): string {
  const key = `-H "Authorization: Bearer $(${keyCommand(home)})"`;
  const body = '{"model": "pool-1@latest", "prompt": "The whale", "max_tokens": 24}';
  return `curl ${api}/completions ${key} -H 'Content-Type: application/json' -d '${body}'`;
}
