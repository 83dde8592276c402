/** `r3mes conformance`: does this device compute the bytes of the specification? */
import { availableParallelism } from "node:os";
import { hasNativeKernels } from "@r3mes/engine/node";
import { R3mesError } from "@r3mes/protocol";
import { systemClock } from "@r3mes/service/command";
import { threadsMax } from "../backends/chooseBackend.ts";
import { hasGpu } from "../backends/listAdapters.ts";
import type { CommandContext } from "../commandContext.ts";
import type { BackendReport, FuzzReport, RootsReport } from "../conformance/conformanceReport.ts";
import { writeRootSamples } from "../conformance/rootSamples.ts";
import { type Contestant, contestantsOf, runConformance } from "../conformance/runConformance.ts";
import { runFuzz } from "../conformance/runFuzz.ts";
import { ROOT_STEPS, runRoots } from "../conformance/runRoots.ts";
import { createProgress } from "../createProgress.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import type { Paint } from "../paint.ts";
import { readCount } from "../readNumber.ts";

export type ConformanceOptions = {
  readonly backend?: string;
  readonly steps?: string;
  readonly threads?: string;
  /** Random programs to compare, and the number of the first. */
  readonly fuzz?: string;
  readonly seed: string;
  readonly roots?: boolean;
  /** File for what others need to repeat parts of the long run. */
  readonly samples?: string;
};

/** Those that every machine has; `native` joins them where it was compiled, `webgpu` where a GPU answers. */
const backendNames = ["wasm-base", "wasm-relaxed", "reference"];

export async function conformance(
  { host, json }: CommandContext,
  options: ConformanceOptions,
): Promise<ExitCode> {
  if (options.samples !== undefined && !options.roots) {
    const reason = "--samples is of the long run: it goes with --roots";
    throw new R3mesError({ code: "USAGE_INVALID", reason });
  }
  const threads = threadsOf(options.threads);
  const names = options.backend === undefined ? await backendsHere() : [options.backend];
  const contestants = names.flatMap((name) => contestantsOf(name, threads));
  const progress = createProgress(host, json, systemClock);
  const { equal, report, text } = await wantedRun(options, contestants, progress.show, host.paint);
  progress.end();
  const absent = options.backend === undefined ? absentOf(names) : [];
  const missing = absent.map(
    (name) => `${host.paint.dim("absent")}  ${name}: not on this machine\n`,
  );
  host.stdout.write(
    json ? `${JSON.stringify({ equal, ...report, absent })}\n` : `${text}${missing.join("")}`,
  );
  return equal ? exitCodes.ok : exitCodes.failed;
}

type Outcome = { readonly equal: boolean; readonly report: object; readonly text: string };

async function wantedRun(
  options: ConformanceOptions,
  contestants: readonly Contestant[],
  show: (text: string) => void,
  paint: Paint,
): Promise<Outcome> {
  if (options.fuzz !== undefined) {
    const programs = readCount("--fuzz", options.fuzz, { min: 1, max: 1_000_000 });
    const seed = readCount("--seed", options.seed, { min: 0, max: 2 ** 32 - 1 - programs });
    const report = await runFuzz(contestants, { programs, seed }, show);
    return { equal: report.failed.length === 0, report, text: renderFuzz(report, paint) };
  }
  if (options.roots) {
    const steps = readCount("--steps", options.steps ?? `${ROOT_STEPS}`, {
      min: 1,
      max: ROOT_STEPS,
    });
    const long = contestants.filter(({ name }) => name !== "reference" && name !== "webgpu");
    const { report, samples } = await runRoots(
      {
        steps,
        // Somebody has to train the whole run whose steps the others repeat.
        contestants: long.length > 0 ? long : contestantsOf("wasm-base", [1]),
        samplers: contestants.filter(({ name }) => name === "webgpu"),
      },
      systemClock,
      show,
    );
    if (options.samples !== undefined) writeRootSamples(options.samples, samples);
    return { equal: rootsAgree(report), report, text: renderRoots(report, paint) };
  }
  const steps = readCount("--steps", options.steps ?? "3", { min: 1, max: 10_000 });
  const backends = await runConformance(contestants, steps, systemClock, show);
  return {
    equal: backends.every((report) => report.equal),
    report: { backends },
    text: backends.map((report) => render(report, paint)).join(""),
  };
}

async function backendsHere(): Promise<readonly string[]> {
  return [
    ...backendNames,
    ...(hasNativeKernels() ? ["native"] : []),
    ...((await hasGpu()) ? ["webgpu"] : []),
  ];
}

/** Backends that this machine could have and has not. */
function absentOf(names: readonly string[]): readonly string[] {
  return ["native", "webgpu"].filter((name) => !names.includes(name));
}

function threadsOf(text: string | undefined): readonly number[] {
  if (text === undefined) return [...new Set([1, Math.min(availableParallelism(), threadsMax)])];
  const range = { min: 1, max: threadsMax };
  return [...new Set(text.split(",").map((count) => readCount("--threads", count, range)))];
}

const rootShown = 16;

function render(report: BackendReport, paint: Paint): string {
  const { backend, threads, cases, steps, root, equal, differs } = report;
  const mark = markOf(equal, paint);
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

function markOf(equal: boolean, paint: Paint): string {
  return equal ? paint.green("equal") : paint.red("differs");
}

function renderFuzz({ programs, seed, failed }: FuzzReport, paint: Paint): string {
  const range = `random programs ${seed} to ${seed + programs - 1}`;
  const faults = failed.map(
    ({ backend, threads, tensor, replay }) =>
      `  ${backend} × ${threads}, tensor ${tensor}\n    ${replay}\n`,
  );
  return `${markOf(failed.length === 0, paint)}  ${range}\n${faults.join("")}`;
}

function rootsAgree({ backends, sampled, referee }: RootsReport): boolean {
  const isSame = ({ differsAt }: { readonly differsAt: number | null }) => differsAt === null;
  return backends.every(isSame) && sampled.every(isSame) && referee.failed.length === 0;
}

function renderRoots(report: RootsReport, paint: Paint): string {
  const { steps, root, backends, sampled, referee } = report;
  const line = (differsAt: number | null, text: string) =>
    `${markOf(differsAt === null, paint)}  ${text}${differsAt === null ? "" : `, from step ${differsAt}`}`;
  const lines = [
    `root ${root} after ${steps} steps`,
    ...backends.map(({ backend, threads, differsAt, tokensPerSecond }) =>
      line(differsAt, `${backend} × ${threads} · ${tokensPerSecond} tokens/s of the tiny model`),
    ),
    ...sampled.map(({ backend, steps: repeated, differsAt }) =>
      line(differsAt, `${backend}, steps ${repeated.join(", ")}`),
    ),
    `${markOf(referee.failed.length === 0, paint)}  referee, ${referee.tiles} tiles of step ${referee.step}`,
    ...referee.failed.map((tile) => `  tile ${tile}`),
  ];
  return `${lines.join("\n")}\n`;
}
