/**
 * How a run goes that shows outputs. Where all are asked for, each operation is a step of its own. Where a few are, the plain run is
 * stopped behind them, and what a tree hides is run once more behind that tree: a plan of a few operations instead of thousands.
 */
import { R3mesError } from "@r3mes/protocol";
import { type CommandRange, encodeCommands } from "./commands.ts";
import type { Machine } from "./host.ts";
import { type LoweringOptions, lowerSteps } from "./lowerSteps.ts";
import { type FixedPlan, planMemory } from "./planMemory.ts";
import { schedule } from "./schedule.ts";
import { type Step, singleSteps, stepsBehind } from "./steps.ts";

export interface Prepared
  extends Pick<LoweringOptions, "program" | "threads" | "copies" | "tables"> {
  readonly machine: Machine;
  readonly fixed: FixedPlan;
  readonly whole: CommandRange;
  readonly plain: PlainPlan;
  /** First address behind everything that a plain run uses, of every program on the machine. */
  readonly end: number;
}

/** How a plain run goes: its steps, where their tensors lie meanwhile, and where the commands of each end, in words. */
export interface PlainPlan {
  readonly steps: readonly Step[];
  readonly addresses: readonly number[];
  readonly ends: readonly number[];
}

export interface Trace {
  /** What was asked to be shown; all of it unless stated. */
  readonly only: ReadonlySet<number> | undefined;
  /** Positions of the operations that are shown, ascending. */
  readonly shown: readonly number[];
  readonly runs: readonly TraceRun[];
}

/** Commands, and the operations whose outputs are whole behind them and overwritten soon after. */
interface TraceRun {
  readonly commands: CommandRange;
  readonly shown: readonly Shown[];
}

interface Shown {
  readonly position: number;
  /** Of its outputs. */
  readonly addresses: readonly number[];
}

export function planTrace(prepared: Prepared, only: ReadonlySet<number> | undefined): Trace {
  const runs = only === undefined ? everyOperation(prepared) : someOperations(prepared, only);
  const shown = runs.flatMap((run) => run.shown.map(({ position }) => position));
  return { only, shown: shown.sort((a, b) => a - b), runs };
}

function everyOperation(prepared: Prepared): readonly TraceRun[] {
  const { program, fixed, end } = prepared;
  return placeSteps(prepared, singleSteps(program), { ...fixed, end }).runs;
}

function someOperations(prepared: Prepared, only: ReadonlySet<number>): TraceRun[] {
  const { program, whole, plain } = prepared;
  const { steps, addresses, ends } = plain;
  const runs: TraceRun[] = [];
  let begin = 0;
  let { end } = prepared;
  for (const [i, step] of steps.entries()) {
    const asked = step.operations.filter((at) => only.has(at));
    if (asked.length === 0 && i < steps.length - 1) continue;
    const behind = stepsBehind(program, step, only);
    const hidden = new Set(behind.flatMap(({ operations }) => operations));
    const shown = asked.filter((at) => !hidden.has(at));
    runs.push({
      commands: { start: whole.start + begin, length: ends[i]! - begin },
      shown: shown.map((at) => shownAt(prepared, at, addresses)),
    });
    if (behind.length > 0) {
      const placed = placeSteps(prepared, behind, { addresses, end });
      for (const run of placed.runs) {
        runs.push({ ...run, shown: run.shown.filter(({ position }) => only.has(position)) });
      }
      end = placed.end;
    }
    begin = ends[i]!;
  }
  return runs;
}

/** Steps of one operation each, in memory behind everything else, to be run and shown one by one. */
function placeSteps(
  prepared: Prepared,
  steps: readonly Step[],
  fixed: FixedPlan,
): { readonly runs: readonly TraceRun[]; readonly end: number } {
  const { program, machine, threads } = prepared;
  const plan = planMemory(program, steps, fixed);
  const words = lowerSteps({ ...prepared, plan, steps }).map((drafts) =>
    encodeCommands(schedule(drafts, threads)),
  );
  const end = words.reduce((sum, { byteLength }) => sum + byteLength, plan.end);
  machine.grow(withinMemory(end));
  let next = plan.end;
  const runs = words.map((own, i) => {
    const commands = placeCommands(machine, next, own);
    next += own.byteLength;
    const [position] = steps[i]!.operations;
    return { commands, shown: [shownAt(prepared, position!, plan.addresses)] };
  });
  return { runs, end };
}

function shownAt({ program }: Prepared, position: number, addresses: readonly number[]): Shown {
  const { outputs } = program.operations[position]!;
  return { position, addresses: outputs.map((id) => addresses[id]!) };
}

/** Writes commands into the memory at an address. */
export function placeCommands(machine: Machine, at: number, words: Int32Array): CommandRange {
  new Int32Array(machine.buffer(), at, words.length).set(words);
  return { start: at / 4, length: words.length };
}

/** What 32-bit addresses reach. */
const MEMORY_MAX = 2 ** 32 - 65_536;

export function withinMemory(bytes: number): number {
  if (bytes <= MEMORY_MAX) return bytes;
  throw new R3mesError({ code: "ENGINE_MEMORY_EXCEEDED", bytes, limit: MEMORY_MAX });
}
