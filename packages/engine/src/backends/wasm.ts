/**
 * The WASM backend: a program as commands for SIMD kernels over one shared memory, on 1 to n threads,
 * with the bytes of the reference. Memory is planned when a program is prepared; a run allocates none.
 *
 * A run blocks the calling thread until it is done, so a browser calls it from a worker.
 */
import { R3mesError } from "@r3mes/protocol";
import { EXP2, LOG2 } from "../arithmetic/tables.ts";
import { checkInput } from "../program/checkInput.ts";
import { checkProgram } from "../program/checkProgram.ts";
import type { Program, Tensor } from "../program/program.ts";
import type { Backend, Observer, RowRange, Session, WeightSource } from "./backend.ts";
import { joinBytes } from "./joinBytes.ts";
import { requireLength, rowsOf } from "./requireBytes.ts";
import { chooseBuild } from "./wasm/chooseBuild.ts";
import { CONTROL_BYTES, commandWords, encodeCommands } from "./wasm/commands.ts";
import type { Draft } from "./wasm/draft.ts";
import { attentionTrees } from "./wasm/fuseAttention.ts";
import type { KernelBuild, Machine, RunCommands, WasmHost } from "./wasm/host.ts";
import { KERNEL_NAMES } from "./wasm/kernelNames.ts";
import { bytesOf, loadWeights, transposedCopies } from "./wasm/loadWeights.ts";
import { lowerSteps } from "./wasm/lowerSteps.ts";
import { type FixedPlan, planFixed, planMemory } from "./wasm/planMemory.ts";
import { schedule } from "./wasm/schedule.ts";
import { scratchBytes } from "./wasm/scratch.ts";
import { fusedSteps, type Step, singleSteps, type Tree } from "./wasm/steps.ts";

export interface WasmOptions {
  /** Threads of a session, 1 to 64; the host's maximum unless stated. Any number gives the same bytes. */
  readonly threads?: number;
  /** The build to run; by default "relaxed" where it passes the self-test, else "base". */
  readonly build?: KernelBuild;
}

export const THREADS_MAX = 64;
/** What 32-bit addresses reach. */
const MEMORY_MAX = 2 ** 32 - 65_536;

export function createWasmBackend(host: WasmHost, options: WasmOptions = {}): Backend {
  const threads = Math.max(1, Math.min(options.threads ?? host.threadsMax, THREADS_MAX));
  let chosen: KernelBuild | undefined;
  return {
    name: "wasm",
    async prepare(program, weights) {
      checkProgram(program);
      chosen ??= chooseBuild(host, options.build);
      const build = chosen;
      const openMachine = (bytes: number) => host.openMachine(build, bytes);
      return createSession({ openMachine, program, threads }, weights);
    },
  };
}

export interface SessionOptions {
  readonly openMachine: (bytes: number) => Machine;
  readonly program: Program;
  readonly threads: number;
}

/** A session on any machine whose kernels take these commands: WebAssembly's or native ones. */
export async function createSession(
  options: SessionOptions,
  weights: WeightSource,
): Promise<Session> {
  const { openMachine, program, threads } = options;
  const perThread = scratchBytes(program);
  const scratch = TABLES.log2 + TABLE_BYTES;
  const copies = transposedCopies(program);
  const fixed = planFixed(program, { start: scratch + threads * perThread, copies });
  const steps = fusedSteps(program, attentionTrees(program));
  const plan = planMemory(program, steps, fixed);
  const drafts = lowerSteps({ ...options, plan, copies, steps, tables: TABLES });
  const commands = encodeCommands(schedule(drafts.flat(), threads));
  const machine = openMachine(withinMemory(plan.end + commands.byteLength));
  new Int32Array(machine.buffer(), TABLES.exp2, EXP2.length).set(EXP2);
  new Int32Array(machine.buffer(), TABLES.log2, LOG2.length).set(LOG2);
  const whole = placeCommands(machine, plan.end, [commands])[0]!;
  const started = machine.startCrew({ threads, scratch, scratchBytes: perThread });
  try {
    // Threads may take as long to start as a small model to load.
    await Promise.all([started, loadWeights(machine, program, fixed, copies, weights)]);
  } catch (error) {
    await Promise.allSettled([started]);
    await machine.close();
    throw error;
  }
  const plain = { steps, addresses: plan.addresses, ends: endsOf(drafts) };
  return sessionOf({
    ...options,
    machine,
    fixed,
    copies,
    runCommands: await started,
    whole,
    plain,
  });
}

/** Where the two tables lie, and the bytes reserved for each. */
const TABLE_BYTES = 1_088;
const TABLES = { exp2: CONTROL_BYTES, log2: CONTROL_BYTES + TABLE_BYTES } as const;

function withinMemory(bytes: number): number {
  if (bytes <= MEMORY_MAX) return bytes;
  throw new R3mesError({ code: "ENGINE_MEMORY_EXCEEDED", bytes, limit: MEMORY_MAX });
}

interface Run {
  readonly start: number;
  readonly length: number;
}

/** Writes the commands of the whole program and of each operation; positions are in words. */
function placeCommands(machine: Machine, at: number, words: readonly Int32Array[]): Run[] {
  let next = at;
  return words.map((run) => {
    new Int32Array(machine.buffer(), next, run.length).set(run);
    const start = next / 4;
    next += run.byteLength;
    return { start, length: run.length };
  });
}

interface Prepared extends SessionOptions {
  readonly machine: Machine;
  readonly fixed: FixedPlan;
  readonly copies: ReadonlySet<number>;
  readonly runCommands: RunCommands;
  readonly whole: Run;
  readonly plain: PlainPlan;
}

/** How a plain run goes: its steps, where their tensors lie meanwhile, and where the commands of each end, in words. */
interface PlainPlan {
  readonly steps: readonly Step[];
  readonly addresses: readonly number[];
  readonly ends: readonly number[];
}

function endsOf(drafts: readonly (readonly Draft[])[]): number[] {
  let end = 0;
  return drafts.map((ofStep) => {
    for (const { args } of ofStep) end += commandWords(args.length);
    return end;
  });
}

function sessionOf(prepared: Prepared): Session {
  const { program, machine, fixed, runCommands, whole } = prepared;
  const ids = new Map(program.tensors.map((tensor, id) => [tensor.name, id]));
  let trace: Trace | undefined;

  function find(name: string, rows?: RowRange): { tensor: Tensor; bytes: Uint8Array } {
    const id = ids.get(name);
    if (id === undefined || fixed.addresses[id] === undefined) {
      throw new R3mesError({ code: "TENSOR_NOT_FOUND", tensor: name });
    }
    const { tensor, at } = rowsOf(program.tensors[id]!, rows);
    return { tensor, bytes: bytesOf(machine, tensor, fixed.addresses[id]! + at) };
  }

  async function execute({ start, length }: Run): Promise<void> {
    const trapped = await runCommands(start, length);
    if (trapped >= 0)
      throw new R3mesError({ code: "KERNEL_TRAPPED", kernel: KERNEL_NAMES[trapped] });
  }

  async function run(observe?: Observer, only?: ReadonlySet<number>): Promise<void> {
    if (observe === undefined) return execute(whole);
    if (trace === undefined || trace.only !== only) {
      trace = cutPlain(prepared, only) ?? planTrace(prepared, only);
    }
    for (const { commands, shown } of trace.runs) {
      await execute(commands);
      for (const [output, id] of shown?.outputs.entries() ?? []) {
        const bytes = bytesOf(machine, program.tensors[id]!, trace.addresses[id]!);
        observe(shown!.position, output, bytes.slice());
      }
    }
  }

  return {
    program,
    write(name, bytes, rows) {
      const { tensor, bytes: target } = find(name, rows);
      if (tensor.role === "weight" || tensor.role === "intermediate") {
        throw new R3mesError({ code: "TENSOR_NOT_FOUND", tensor: name, role: tensor.role });
      }
      requireLength(tensor, bytes);
      checkInput(program, name, bytes);
      target.set(bytes);
    },
    run,
    async read(name, rows) {
      return find(name, rows).bytes.slice();
    },
    async readAll(names, into) {
      const parts = names.map((name) => find(name).bytes);
      return joinBytes(parts, into);
    },
    close: () => machine.close(),
  };
}

interface Trace {
  /** What was asked to be shown; all of it unless stated. */
  readonly only: ReadonlySet<number> | undefined;
  readonly addresses: readonly number[];
  /** Commands up to an operation that is shown behind them; behind the last ones there may be none. */
  readonly runs: readonly { readonly commands: Run; readonly shown: Shown | undefined }[];
}

interface Shown {
  readonly position: number;
  readonly outputs: readonly number[];
}

/** The plain run, stopped behind each operation that is to be shown; undefined where it hides one. */
function cutPlain(
  { program, whole, plain: { steps, addresses, ends } }: Prepared,
  only: ReadonlySet<number> | undefined,
): Trace | undefined {
  if (only === undefined) return undefined;
  const kinds = new Map(steps.map(({ kind, outputs }) => [outputs[0]!, kind]));
  for (const at of only) {
    const { kind, outputs } = program.operations[at]!;
    if (kinds.get(outputs[0]!) !== kind) return undefined;
  }
  const runs = cutAtShown(program, steps, only).map(({ from, to, shown }) => {
    const begin = ends[from - 1] ?? 0;
    return {
      commands: { start: whole.start + begin, length: ends[to - 1]! - begin },
      shown,
    };
  });
  return { only, addresses, runs };
}

/** A run that shows what a plain one hides needs a plan of its own and, most often, more memory. */
function planTrace(
  { program, machine, fixed, copies, threads, whole }: Prepared,
  only: ReadonlySet<number> | undefined,
): Trace {
  const steps = only === undefined ? singleSteps(program) : stepsShowing(program, only);
  const behind = { ...fixed, end: Math.max(fixed.end, 4 * (whole.start + whole.length)) };
  const plan = planMemory(program, steps, behind);
  const drafts = lowerSteps({ program, threads, plan, copies, steps, tables: TABLES });
  const parts = cutAtShown(program, steps, only);
  const words = parts.map(({ from, to }) =>
    encodeCommands(schedule(drafts.slice(from, to).flat(), threads)),
  );
  const bytes = words.reduce((sum, { byteLength }) => sum + byteLength, 0);
  machine.grow(withinMemory(plan.end + bytes));
  const placed = placeCommands(machine, plan.end, words);
  const runs = parts.map(({ shown }, i) => ({ commands: placed[i]!, shown }));
  return { only, addresses: plan.addresses, runs };
}

/** Fused but for the trees that would hide what is asked for. */
function stepsShowing(program: Program, only: ReadonlySet<number>): Step[] {
  const hidesNone = ({ operations }: Tree) => ![...operations].some((at) => only.has(at));
  return fusedSteps(program, attentionTrees(program).filter(hidesNone));
}

/** Parts of the steps, each ending with one that is shown: its outputs are overwritten soon after. */
function cutAtShown(
  program: Program,
  steps: readonly Step[],
  only: ReadonlySet<number> | undefined,
): { readonly from: number; readonly to: number; readonly shown: Shown | undefined }[] {
  const byOutput = new Map<number, Shown>();
  for (const [position, { outputs }] of program.operations.entries()) {
    if (only === undefined || only.has(position)) byOutput.set(outputs[0]!, { position, outputs });
  }
  const parts: { from: number; to: number; shown: Shown | undefined }[] = [];
  let from = 0;
  for (const [i, { outputs }] of steps.entries()) {
    const shown = byOutput.get(outputs[0]!);
    if (shown === undefined && i < steps.length - 1) continue;
    parts.push({ from, to: i + 1, shown });
    from = i + 1;
  }
  return parts;
}
