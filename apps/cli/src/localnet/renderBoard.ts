/** The status of a localnet as aligned lines for people. Pure: time and width are given. */
import { describeDuration } from "../describeDuration.ts";
import type { Paint } from "../paint.ts";
import { describeBlockAge } from "./describeBlockAge.ts";
import { keyCommand } from "./keyCommand.ts";
import { layParts, layRows } from "./layRows.ts";
import type { LocalnetStatus } from "./localnetStatus.ts";
import type { ProcessReport, ProcessState } from "./processSpec.ts";
import type { PoolStatus } from "./readTraining.ts";

type BoardForm = {
  readonly paint: Paint;
  readonly nowMs: number;
  /** Whether a new height was seen lately; unknown unless given. */
  readonly isMoving?: boolean | undefined;
  readonly columns: number;
  /** Lines that there is room for; as many as it takes unless given. */
  readonly rows?: number;
};

export function renderBoard(status: LocalnetStatus, form: BoardForm): readonly string[] {
  const { rows = Number.POSITIVE_INFINITY } = form;
  let lines = layBoard(status, form, 0);
  for (let cut = 1; lines.length > rows && cut <= cutsMax; cut += 1) {
    lines = layBoard(status, form, cut);
  }
  return lines.slice(0, rows);
}

/** Where there is no room for all lines some give way: addresses and logs, what is rarely looked at, processes that are well, earnings. */
const cutsMax = 4;

function layBoard(status: LocalnetStatus, form: BoardForm, cut: number): readonly string[] {
  const { paint, nowMs, columns } = form;
  const { urls } = status;
  const running = `running for ${describeDuration(Math.max(0, nowMs - status.startedAtMs))}`;
  const row = (label: string, ...parts: string[]) => layRows(label, [parts], columns, paint.dim);
  const rows = (label: string, lines: readonly (readonly string[])[]): readonly string[] =>
    lines.length === 0 ? [] : ["", ...layRows(label, lines, columns, paint.dim)];
  const unless = (from: number, lines: () => readonly string[]) => (cut < from ? lines() : []);
  const title = [paint.bold("R3MES localnet"), status.chainId, paint.dim(running)];
  return [
    ...layParts(title, columns - 1).map((line) => ` ${line}`),
    "",
    ...row("height", ...heightTexts(status, form)),
    ...unless(2, () => row("peers", status.peers === null ? "unknown" : String(status.peers))),
    ...rows("processes", processesTexts(status, paint, cut >= 3)),
    ...rows(
      "pools",
      status.pools.map((pool) => poolTexts(pool, paint)),
    ),
    ...unless(4, () => rows("earned", earnedTexts(status))),
    ...unless(2, () => rows("compute", computeTexts(status))),
    "",
    ...(urls.dashboard === undefined ? [] : row("dashboard", paint.bold(urls.dashboard))),
    ...(urls.api === undefined
      ? []
      : [...row("API", urls.api), ...row("API key", keyCommand(status.home))]),
    ...unless(1, () => [
      ...row("RPC", urls.rpc),
      ...row("REST", urls.rest),
      ...row("gRPC", urls.grpc),
      ...row("logs", status.logs),
    ]),
  ];
}

/** Each of them, or how many are ready, with those of whom there is more to say. */
function processesTexts(status: LocalnetStatus, paint: Paint, isShort: boolean): string[][] {
  const texts = (some: LocalnetStatus["processes"]) =>
    some.map((process) => processTexts(process, status, paint));
  const { processes, silent } = status;
  if (!isShort) return texts(processes);
  const isWell = ({ name, state, restarts }: ProcessReport) =>
    state === "ready" && restarts === 0 && !silent.includes(name);
  const well = processes.filter(isWell).length;
  const rest = processes.filter((process) => !isWell(process));
  return [[`${well} of ${processes.length} ready`], ...texts(rest)];
}

/** A process that is there and says nothing may stand still; whether it does, nobody but itself could tell. */
function processTexts(
  { name, state, pid, restarts, reason }: ProcessReport,
  { silent }: LocalnetStatus,
  paint: Paint,
): string[] {
  const texts = [paintState(state, paint), name];
  if (pid !== null) texts.push(paint.dim(`process ${pid}`));
  const times = restarts === 1 ? "once" : `${restarts} times`;
  if (restarts > 0) texts.push(paint.yellow(`restarted ${times}`));
  if (reason !== undefined) texts.push(paint.red(reason));
  if (state === "ready" && silent.includes(name)) texts.push(paint.yellow("does not answer"));
  return texts;
}

/** As in `1  round 4 training  v3  loss 6.9909 → 6.5110 bits/token`. */
function poolTexts(
  { id, adapterVersion, heldOutLoss, rounds }: PoolStatus,
  paint: Paint,
): string[] {
  const round = rounds.at(-1);
  const phase = round === undefined ? "no round yet" : `round ${round.round} ${round.phase}`;
  const [first, last] = [heldOutLoss[0], heldOutLoss.at(-1)];
  const loss =
    first === undefined || last === undefined
      ? paint.dim("no version yet")
      : `loss ${first.loss.toFixed(4)} → ${last.loss.toFixed(4)} bits/token`;
  return [id, phase.padEnd(phaseWidth), `v${adapterVersion}`, loss];
}

const phaseWidth = 21;

/** As in `audits 6.1 s for 41.0 s of training, 14.9 %, 30 % expected`. */
function computeTexts({ compute }: LocalnetStatus): readonly string[][] {
  if (compute === null) return [];
  const { trainingSeconds, auditSeconds, auditPercent, auditPercentExpected } = compute;
  const costs = `audits ${auditSeconds.toFixed(1)} s for ${trainingSeconds.toFixed(1)} s of training`;
  return [[`${costs}, ${auditPercent} %, ${auditPercentExpected} % expected`]];
}

/** REMES with hundredths: what is still open to challenge, what is free, and what was withdrawn. */
function earnedTexts({ earned }: LocalnetStatus): readonly string[][] {
  const width = Math.max(0, ...earned.map(({ name }) => name.length));
  return earned.map(({ name, pending, matured, paid }) => [
    name.padEnd(width),
    `pending ${remes(pending)}`,
    `matured ${remes(matured)}`,
    `paid ${remes(paid)}${/^\d/.test(paid) ? " REMES" : ""}`,
  ]);
}

function remes(uremes: string): string {
  if (!/^\d+$/.test(uremes)) return uremes.padStart(8);
  const hundredths = BigInt(uremes) / 10_000n;
  const cents = String(hundredths % 100n).padStart(2, "0");
  return `${hundredths / 100n}.${cents}`.padStart(8);
}

function heightTexts(status: LocalnetStatus, { nowMs, isMoving, paint }: BoardForm): string[] {
  if (status.height === null || status.blockTimeMs === null) return [paint.yellow("no answer yet")];
  if (status.height === 0) return [paint.yellow("no block yet")];
  const { text, isOdd } = describeBlockAge(nowMs - status.blockTimeMs, isMoving);
  const height = paint.bold(status.height.toLocaleString("en-US"));
  return [height, isOdd ? paint.yellow(text) : paint.dim(text)];
}

const stateWidth = 8;

function paintState(state: ProcessState, paint: Paint): string {
  const text = state.padEnd(stateWidth);
  if (state === "ready") return paint.green(text);
  if (state === "failed") return paint.red(text);
  return paint.yellow(text);
}
