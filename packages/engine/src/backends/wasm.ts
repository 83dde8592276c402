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
import { CONTROL_BYTES, type CommandRange, commandWords, encodeCommands } from "./wasm/commands.ts";
import type { Draft } from "./wasm/draft.ts";
import { attentionTrees } from "./wasm/fuseAttention.ts";
import type { KernelBuild, Machine, RunCommands, WasmHost } from "./wasm/host.ts";
import { inProgramOrder } from "./wasm/inProgramOrder.ts";
import { KERNEL_NAMES } from "./wasm/kernelNames.ts";
import { bytesOf, loadWeights, transposedCopies } from "./wasm/loadWeights.ts";
import { lowerSteps } from "./wasm/lowerSteps.ts";
import { planFixed, planMemory } from "./wasm/planMemory.ts";
import {
  type Prepared,
  placeCommands,
  planTrace,
  type Trace,
  withinMemory,
} from "./wasm/planTrace.ts";
import { schedule } from "./wasm/schedule.ts";
import { scratchBytes } from "./wasm/scratch.ts";
import { fusedSteps } from "./wasm/steps.ts";

export interface WasmOptions {
  /** Threads of a session, 1 to 64; the host's maximum unless stated. Any number gives the same bytes. */
  readonly threads?: number;
  /** The build to run; by default "relaxed" where it passes the self-test, else "base". */
  readonly build?: KernelBuild;
}

export const THREADS_MAX = 64;

export function createWasmBackend(host: WasmHost, options: WasmOptions = {}): Backend {
  const threads = Math.max(1, Math.min(options.threads ?? host.threadsMax, THREADS_MAX));
  let chosen: Promise<KernelBuild> | undefined;
  return {
    name: "wasm",
    async prepare(program, weights) {
      checkProgram(program);
      chosen ??= chooseBuild(host, {
        wanted: options.build,
        backendWith: (build) => backendWith(host, build, 1),
      });
      return backendWith(host, await chosen, threads).prepare(program, weights);
    },
  };
}

/** A build as it is, without its self-test. */
export function backendWith(host: WasmHost, build: KernelBuild, threads: number): Backend {
  const openMachine = (bytes: number) => host.openMachine(build, bytes);
  return {
    name: build,
    prepare: (program, weights) => createSession({ openMachine, program, threads }, weights),
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
  const whole = placeCommands(machine, plan.end, commands);
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
    tables: TABLES,
    runCommands: await started,
    whole,
    plain,
  });
}

/** Where the two tables lie, and the bytes reserved for each. */
const TABLE_BYTES = 1_088;
const TABLES = { exp2: CONTROL_BYTES, log2: CONTROL_BYTES + TABLE_BYTES } as const;

function endsOf(drafts: readonly (readonly Draft[])[]): number[] {
  let end = 0;
  return drafts.map((ofStep) => {
    for (const { args } of ofStep) end += commandWords(args.length);
    return end;
  });
}

interface Opened extends Prepared {
  readonly runCommands: RunCommands;
}

function sessionOf(prepared: Opened): Session {
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

  async function execute({ start, length }: CommandRange): Promise<void> {
    const trapped = await runCommands(start, length);
    if (trapped >= 0)
      throw new R3mesError({ code: "KERNEL_TRAPPED", kernel: KERNEL_NAMES[trapped] });
  }

  async function run(observe?: Observer, only?: ReadonlySet<number>): Promise<void> {
    if (observe === undefined) return execute(whole);
    if (trace === undefined || trace.only !== only) trace = planTrace(prepared, only);
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
    close: () => machine.close(),
  };
}
