/**
 * Programs on a machine: their weights in its memory once, then plain and observed runs. The machine is any whose kernels take these
 * commands: WebAssembly's or native ones.
 */
import { R3mesError } from "@r3mes/protocol";
import { EXP2, LOG2 } from "../../arithmetic/tables.ts";
import { checkInput } from "../../program/checkInput.ts";
import type { Program, Tensor } from "../../program/program.ts";
import type { Member, Observer, RowRange, Session, WeightSource } from "../backend.ts";
import { joinBytes } from "../joinBytes.ts";
import { requireLength, rowsOf } from "../requireBytes.ts";
import { CONTROL_BYTES, type CommandRange, commandWords, encodeCommands } from "./commands.ts";
import type { Draft } from "./draft.ts";
import { attentionTrees } from "./fuseAttention.ts";
import type { Machine, RunCommands } from "./host.ts";
import { inProgramOrder } from "./inProgramOrder.ts";
import { KERNEL_NAMES } from "./kernelNames.ts";
import { bytesOf, loadWeights, transposedCopies } from "./loadWeights.ts";
import { lowerSteps } from "./lowerSteps.ts";
import { type FixedPlan, planFixed, planMemory } from "./planMemory.ts";
import { type Prepared, placeCommands, planTrace, type Trace, withinMemory } from "./planTrace.ts";
import { schedule } from "./schedule.ts";
import { scratchBytes } from "./scratch.ts";
import { fusedSteps } from "./steps.ts";

export interface SessionsOptions {
  readonly openMachine: (bytes: number) => Machine;
  readonly members: readonly Member[];
  readonly threads: number;
}

/** One session for each program. */
export async function createSessions(
  { openMachine, members, threads }: SessionsOptions,
  weights: WeightSource,
): Promise<Session[]> {
  const perThread = Math.max(...members.map(({ program }) => scratchBytes(program)));
  const scratch = TABLES.log2 + TABLE_BYTES;
  const start = scratch + threads * perThread;
  const fixed = planFixed(members, { start, copiesOf: transposedCopies });
  const lowered = members.map(({ program }, i) => lower(program, threads, fixed[i]!));
  // One program runs at a time, so the intermediates of all lie at one place.
  let end = Math.max(...lowered.map(({ plan }) => plan.end));
  const starts = lowered.map(({ commands }) => {
    end += commands.byteLength;
    return end - commands.byteLength;
  });
  const machine = openMachine(withinMemory(end));
  new Int32Array(machine.buffer(), TABLES.exp2, EXP2.length).set(EXP2);
  new Int32Array(machine.buffer(), TABLES.log2, LOG2.length).set(LOG2);
  const prepared = lowered.map(({ commands, ...rest }, i): Prepared => {
    return { ...rest, machine, whole: placeCommands(machine, starts[i]!, commands), end };
  });
  const started = machine.startCrew({ threads, scratch, scratchBytes: perThread });
  try {
    // Threads may take as long to start as a small model to load.
    await Promise.all([started, loadWeights(prepared, weights)]);
  } catch (error) {
    await Promise.allSettled([started]);
    await machine.close();
    throw error;
  }
  return sessionsOf(prepared, machine, await started);
}

/** Where the two tables lie, and the bytes reserved for each. */
const TABLE_BYTES = 1_088;
const TABLES = { exp2: CONTROL_BYTES, log2: CONTROL_BYTES + TABLE_BYTES } as const;

function lower(program: Program, threads: number, fixed: FixedPlan) {
  const copies = transposedCopies(program);
  const steps = fusedSteps(program, attentionTrees(program));
  const plan = planMemory(program, steps, fixed);
  const frame = { program, threads, copies, tables: TABLES };
  const drafts = lowerSteps({ ...frame, plan, steps });
  const commands = encodeCommands(schedule(drafts.flat(), threads));
  const plain = { steps, addresses: plan.addresses, ends: endsOf(drafts) };
  return { ...frame, fixed, plan, plain, commands };
}

function endsOf(drafts: readonly (readonly Draft[])[]): number[] {
  let end = 0;
  return drafts.map((ofStep) => {
    for (const { args } of ofStep) end += commandWords(args.length);
    return end;
  });
}

/** The sessions of one machine. What observed runs need lies behind all else, of the program that was observed last. */
function sessionsOf(
  prepared: readonly Prepared[],
  machine: Machine,
  runCommands: RunCommands,
): Session[] {
  let trace: (Trace & { readonly of: Prepared }) | undefined;
  let closed: Promise<void> | undefined;

  function traceOf(one: Prepared, only: ReadonlySet<number> | undefined): Trace {
    if (trace?.of !== one || trace.only !== only) trace = { ...planTrace(one, only), of: one };
    return trace;
  }

  async function execute({ start, length }: CommandRange): Promise<void> {
    const trapped = await runCommands(start, length);
    if (trapped >= 0)
      throw new R3mesError({ code: "KERNEL_TRAPPED", kernel: KERNEL_NAMES[trapped] });
  }

  function close(): Promise<void> {
    closed ??= machine.close();
    return closed;
  }

  return prepared.map((one) => sessionOf(one, { traceOf, execute, close }));
}

interface Shared {
  readonly traceOf: (prepared: Prepared, only: ReadonlySet<number> | undefined) => Trace;
  readonly execute: (commands: CommandRange) => Promise<void>;
  readonly close: () => Promise<void>;
}

function sessionOf(prepared: Prepared, { traceOf, execute, close }: Shared): Session {
  const { program, machine, fixed, whole } = prepared;
  const ids = new Map(program.tensors.map((tensor, id) => [tensor.name, id]));

  function find(name: string, rows?: RowRange): { tensor: Tensor; bytes: Uint8Array } {
    const id = ids.get(name);
    if (id === undefined || fixed.addresses[id] === undefined) {
      throw new R3mesError({ code: "TENSOR_NOT_FOUND", tensor: name });
    }
    const { tensor, at } = rowsOf(program.tensors[id]!, rows);
    return { tensor, bytes: bytesOf(machine, tensor, fixed.addresses[id]! + at) };
  }

  async function run(observe?: Observer, only?: ReadonlySet<number>): Promise<void> {
    if (observe === undefined) return execute(whole);
    const trace = traceOf(prepared, only);
    const show = inProgramOrder(observe, trace.shown);
    for (const { commands, shown } of trace.runs) {
      await execute(commands);
      for (const { position, addresses } of shown) {
        const { outputs } = program.operations[position]!;
        show(
          position,
          outputs.map((id, i) => bytesOf(machine, program.tensors[id]!, addresses[i]!).slice()),
        );
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
    async read(name, rows, into) {
      return joinBytes([find(name, rows).bytes], into);
    },
    async readAll(names, into) {
      const parts = names.map((name) => find(name).bytes);
      return joinBytes(parts, into);
    },
    close,
  };
}
