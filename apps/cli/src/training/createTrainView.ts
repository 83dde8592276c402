/** What a person, or a script, sees of a training run: its steps on standard error, and on standard output the result alone. */
import type { Clock } from "@r3mes/service";
import { createProgress } from "../createProgress.ts";
import type { Host } from "../host.ts";

export type StepReport = {
  readonly step: number;
  readonly steps: number;
  /** Bits per token of the step's batch, before its update. */
  readonly loss: number;
  readonly tokensPerSecond: number;
  readonly secondsLeft: number;
};

export type TrainResult = {
  readonly steps: number;
  /** Hex of the final state root. */
  readonly root: string;
  /** Bits per token over the fixed sample; null where the dataset holds nothing out. */
  readonly heldOut: { readonly before: number; readonly after: number } | null;
  /** Null when nothing was left to train. */
  readonly tokensPerSecond: number | null;
  readonly peakBytes: number;
};

export type TrainView = {
  note(text: string): void;
  /** Something that takes a while, such as an evaluation. */
  busy(text: string): void;
  step(report: StepReport): void;
  result(result: TrainResult, folder: string): void;
};

export function createTrainView(host: Host, json: boolean, clock: Clock): TrainView {
  const { stdout, stderr, paint } = host;
  if (json) {
    return {
      note() {},
      busy() {},
      step: (report) => void stderr.write(`${JSON.stringify(report)}\n`),
      result: (result, folder) => void stdout.write(`${JSON.stringify({ ...result, folder })}\n`),
    };
  }
  const progress = createProgress(host, json, clock);
  return {
    note: progress.keep,
    busy: progress.show,
    step: (report) => progress.show(renderStep(report)),
    result(result, folder) {
      progress.end();
      for (const [name, value] of rowsOf(result, folder)) {
        stdout.write(`${paint.dim(name.padEnd(12))}${value}\n`);
      }
    },
  };
}

/** `step 120/200 · 6.732 bits per token · 2,480 tokens/s · 33 s left` */
export function renderStep(report: StepReport): string {
  const { step, steps, loss, tokensPerSecond, secondsLeft } = report;
  return [
    `step ${step}/${steps}`,
    `${loss.toFixed(3)} bits per token`,
    `${Math.round(tokensPerSecond).toLocaleString("en-US")} tokens/s`,
    `${renderSeconds(secondsLeft)} left`,
  ].join(" · ");
}

export function renderSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

function rowsOf(result: TrainResult, folder: string): [string, string][] {
  const { steps, root, heldOut, tokensPerSecond, peakBytes } = result;
  const gain = heldOut === null ? 0 : (1 - heldOut.after / heldOut.before) * 100;
  const losses =
    heldOut === null
      ? "the dataset holds nothing out"
      : `${heldOut.before.toFixed(4)} → ${heldOut.after.toFixed(4)} bits per token (${gain.toFixed(2)} % less)`;
  const speed =
    tokensPerSecond === null
      ? "nothing was left to train"
      : `${Math.round(tokensPerSecond)} tokens/s`;
  return [
    ["steps", String(steps)],
    ["root", root],
    ["held-out", losses],
    ["speed", speed],
    ["memory", `${Math.round(peakBytes / 2 ** 20)} MiB at most`],
    ["adapter", folder],
  ];
}
