/** The status of a localnet as aligned lines for people. Pure: time and width are given. */
import type { Paint } from "../paint.ts";
import type { LocalnetStatus } from "./localnetStatus.ts";
import type { ProcessState } from "./processSpec.ts";
import { stalledMs } from "./stallWatch.ts";

const labelWidth = 10;

export function renderBoard(
  status: LocalnetStatus,
  view: { readonly paint: Paint; readonly nowMs: number },
): readonly string[] {
  const { paint, nowMs } = view;
  const running = `running for ${duration(nowMs - status.startedAtMs)}`;
  const row = (label: string, value: string): string =>
    ` ${paint.dim(label.padEnd(labelWidth))} ${value}`;
  const processes = status.processes.map(({ name, state, pid }, index) =>
    row(
      index === 0 ? "processes" : "",
      `${paintState(state, paint)}  ${name}${pid === null ? "" : paint.dim(`  process ${pid}`)}`,
    ),
  );
  return [
    ` ${paint.bold("R3MES localnet")}  ${status.chainId}  ${paint.dim(running)}`,
    "",
    row("height", `${heightText(status, nowMs, paint)}`),
    row("peers", status.peers === null ? "unknown" : String(status.peers)),
    "",
    ...processes,
    "",
    row("RPC", status.urls.rpc),
    row("REST", status.urls.rest),
    row("gRPC", status.urls.grpc),
    row("logs", status.logs),
  ];
}

export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

function heightText(status: LocalnetStatus, nowMs: number, paint: Paint): string {
  if (status.height === null || status.blockTimeMs === null) return paint.yellow("no answer yet");
  if (status.height === 0) return paint.yellow("no block yet");
  const ageMs = Math.max(0, nowMs - status.blockTimeMs);
  const age = `block ${(ageMs / 1_000).toFixed(1)} s ago`;
  const height = paint.bold(status.height.toLocaleString("en-US"));
  return `${height}  ${ageMs > stalledMs ? paint.yellow(age) : paint.dim(age)}`;
}

const stateWidth = 8;

function paintState(state: ProcessState, paint: Paint): string {
  const text = state.padEnd(stateWidth);
  if (state === "ready") return paint.green(text);
  if (state === "failed") return paint.red(text);
  return paint.yellow(text);
}
