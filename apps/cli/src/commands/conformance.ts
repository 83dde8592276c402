/** `r3mes conformance`: does this device compute the bytes of the specification? */
import { availableParallelism } from "node:os";
import { systemClock } from "@r3mes/service";
import { threadsMax } from "../backends/chooseBackend.ts";
import { hasGpu } from "../backends/listAdapters.ts";
import type { CommandContext } from "../commandContext.ts";
import type { BackendReport } from "../conformance/conformanceReport.ts";
import { contestantsOf, runConformance } from "../conformance/runConformance.ts";
import { createProgress } from "../createProgress.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import type { Paint } from "../paint.ts";
import { readCount } from "../readNumber.ts";

export type ConformanceOptions = {
  readonly backend?: string;
  readonly steps: string;
  readonly threads?: string;
};

/** Those that every machine has; `webgpu` joins them where a GPU answers. */
const backendNames = ["wasm-base", "wasm-relaxed", "reference"];

export async function conformance(
  { host, json }: CommandContext,
  options: ConformanceOptions,
): Promise<ExitCode> {
  const steps = readCount("--steps", options.steps, { min: 1, max: 10_000 });
  const threads = threadsOf(options.threads);
  const names = options.backend === undefined ? await backendsHere() : [options.backend];
  const progress = createProgress(host, json, systemClock);
  const contestants = names.flatMap((name) => contestantsOf(name, threads));
  const backends = await runConformance(contestants, steps, systemClock, progress.show);
  progress.end();
  const equal = backends.every((report) => report.equal);
  host.stdout.write(
    json
      ? `${JSON.stringify({ equal, backends })}\n`
      : backends.map((report) => render(report, host.paint)).join(""),
  );
  return equal ? exitCodes.ok : exitCodes.failed;
}

async function backendsHere(): Promise<readonly string[]> {
  return (await hasGpu()) ? [...backendNames, "webgpu"] : backendNames;
}

function threadsOf(text: string | undefined): readonly number[] {
  if (text === undefined) return [...new Set([1, Math.min(availableParallelism(), threadsMax)])];
  const range = { min: 1, max: threadsMax };
  return [...new Set(text.split(",").map((count) => readCount("--threads", count, range)))];
}

const rootShown = 16;

function render(report: BackendReport, paint: Paint): string {
  const { backend, threads, cases, steps, root, equal, differs } = report;
  const mark = equal ? paint.green("equal") : paint.red("differs");
  const memory =
    report.memoryBytes === null ? "" : ` · ${Math.ceil(report.memoryBytes / 2 ** 20)} MiB`;
  const where = [
    ...cases.failed.map((name) => `  case ${name}`),
    ...(differs === null ? [] : [`  step ${differs.step}, tensor ${differs.tensor}`]),
  ];
  const lines = [
    `${mark}  ${backend} × ${threads}`,
    `  ${cases.passed}/${cases.all} cases · root ${root.slice(0, rootShown)} after ${steps} steps`,
    `  ${Math.round(report.tokensPerSecond)} tokens/s of the tiny model${memory}`,
    ...where,
  ];
  return `${lines.join("\n")}\n`;
}
