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
import { packBlock, tensorBytes, unpackBlock } from "../tensor/storage.ts";
import type { Backend, Observer, Session, WeightSource } from "./backend.ts";
import { CONTROL_BYTES, type Crew, encodeCommands, runOnCrew } from "./wasm/commands.ts";
import { type Draft, type LoweringContext, requireFormat, type Slot } from "./wasm/draft.ts";
import { attentionTrees } from "./wasm/fuseAttention.ts";
import type { KernelBuild, WasmHost, WasmMachine } from "./wasm/host.ts";
import { KERNEL_NAMES } from "./wasm/kernelNames.ts";
import { attentionLowerings } from "./wasm/lowerings/attention.ts";
import { fusedLowerings } from "./wasm/lowerings/fused.ts";
import { headLowerings } from "./wasm/lowerings/head.ts";
import { normLowerings } from "./wasm/lowerings/norm.ts";
import { productLowerings } from "./wasm/lowerings/products.ts";
import { rowLowerings } from "./wasm/lowerings/rows.ts";
import { type FixedPlan, type MemoryPlan, planFixed, planMemory } from "./wasm/planMemory.ts";
import { schedule } from "./wasm/schedule.ts";
import { scratchBytes } from "./wasm/scratch.ts";
import { passesSelfTest, SELF_TEST_BYTES } from "./wasm/selfTest.ts";
import { fusedSteps, type Step, singleSteps } from "./wasm/steps.ts";

export interface WasmOptions {
  /** Threads of a session, 1 to 64; the host's maximum unless stated. Any number gives the same bytes. */
  readonly threads?: number;
  /** The build to run; by default "relaxed" where it passes the self-test, else "base". */
  readonly build?: KernelBuild;
}

const THREADS_MAX = 64;
/** What 32-bit addresses reach. */
const MEMORY_MAX = 2 ** 32 - 65_536;

const LOWERINGS = {
  ...rowLowerings,
  ...productLowerings,
  ...normLowerings,
  ...attentionLowerings,
  ...headLowerings,
  ...fusedLowerings,
};

/** The one input of each kind that may be a weight kept in the other order. */
const TAKES_TRANSPOSE: Readonly<Record<string, string>> = {
  gemm: "b",
  linear: "w",
  "linear.backward": "w",
};

export function createWasmBackend(host: WasmHost, options: WasmOptions = {}): Backend {
  const threads = Math.min(options.threads ?? host.threadsMax, THREADS_MAX);
  let chosen: KernelBuild | undefined;
  return {
    name: "wasm",
    async prepare(program, weights) {
      checkProgram(program);
      chosen ??= chooseBuild(host, options.build);
      return createSession({ host, program, threads, build: chosen }, weights);
    },
  };
}

/** The build to use, after its self-test on this machine. Falls back to base, and says so. */
export function chooseBuild(host: WasmHost, wanted?: KernelBuild): KernelBuild {
  const builds: readonly KernelBuild[] = wanted === undefined ? ["relaxed", "base"] : [wanted];
  for (const build of builds) {
    const reason = buildFault(host, build);
    if (reason === undefined) return build;
    if (build === builds.at(-1)) throw reason;
    host.warn("the relaxed kernels are not used on this machine", { code: reason.code });
  }
  throw new RangeError("no build was tried");
}

function buildFault(host: WasmHost, build: KernelBuild): R3mesError | undefined {
  try {
    const machine = host.openMachine(build, CONTROL_BYTES + SELF_TEST_BYTES);
    if (passesSelfTest(machine, CONTROL_BYTES, build === "base")) return undefined;
    return new R3mesError({ code: "KERNEL_SELF_TEST_FAILED", build });
  } catch (error) {
    if (error instanceof R3mesError && error.code === "KERNEL_BUILD_UNSUPPORTED") return error;
    throw error;
  }
}

interface SessionOptions {
  readonly host: WasmHost;
  readonly program: Program;
  readonly threads: number;
  readonly build: KernelBuild;
}

async function createSession(options: SessionOptions, weights: WeightSource): Promise<Session> {
  const { host, program, threads, build } = options;
  const perThread = scratchBytes(program);
  const scratch = TABLES_AT + 2 * TABLE_BYTES;
  const copies = transposedCopies(program);
  const fixed = planFixed(program, { start: scratch + threads * perThread, copies });
  const steps = fusedSteps(program, attentionTrees(program));
  const plan = planMemory(program, steps, fixed);
  const commands = encodeCommands(
    schedule(lowerAll({ ...options, plan, copies, steps }).flat(), threads),
  );
  const machine = host.openMachine(build, withinMemory(plan.end + commands.byteLength));
  new Int32Array(machine.buffer(), TABLES_AT, EXP2.length).set(EXP2);
  new Int32Array(machine.buffer(), TABLES_AT + TABLE_BYTES, LOG2.length).set(LOG2);
  const whole = placeCommands(machine, plan.end, [commands])[0]!;
  await loadWeights(machine, program, fixed, copies, weights);
  const kernelNames = KERNEL_NAMES;
  await machine.startWorkers({ threads, scratch, scratchBytes: perThread, kernelNames });
  const crew: Crew = {
    buffer: machine.buffer,
    kernels: KERNEL_NAMES.map((name) => machine.kernels[name]!),
    thread: 0,
    threads,
    scratch,
  };
  return sessionOf({ ...options, machine, fixed, copies, crew, whole });
}

/** Where the two tables lie, and the bytes reserved for each. */
const TABLES_AT = CONTROL_BYTES;
const TABLE_BYTES = 1_088;

function withinMemory(bytes: number): number {
  if (bytes <= MEMORY_MAX) return bytes;
  throw new R3mesError({ code: "ENGINE_MEMORY_EXCEEDED", bytes, limit: MEMORY_MAX });
}

interface Run {
  readonly start: number;
  readonly length: number;
}

/** Writes the commands of the whole program and of each operation; positions are in words. */
function placeCommands(machine: WasmMachine, at: number, words: readonly Int32Array[]): Run[] {
  let next = at;
  return words.map((run) => {
    new Int32Array(machine.buffer(), next, run.length).set(run);
    const start = next / 4;
    next += run.byteLength;
    return { start, length: run.length };
  });
}

interface Prepared extends SessionOptions {
  readonly machine: WasmMachine;
  readonly fixed: FixedPlan;
  readonly copies: ReadonlySet<number>;
  readonly crew: Crew;
  readonly whole: Run;
}

function sessionOf(prepared: Prepared): Session {
  const { program, machine, fixed, crew, whole } = prepared;
  const ids = new Map(program.tensors.map((tensor, id) => [tensor.name, id]));
  let trace: Trace | undefined;

  function find(name: string): { tensor: Tensor; bytes: Uint8Array } {
    const id = ids.get(name);
    if (id === undefined || fixed.addresses[id] === undefined) {
      throw new R3mesError({ code: "TENSOR_NOT_FOUND", tensor: name });
    }
    const tensor = program.tensors[id]!;
    return { tensor, bytes: bytesOf(machine, tensor, fixed.addresses[id]!) };
  }

  function execute({ start, length }: Run): void {
    const trapped = runOnCrew(crew, start, length);
    if (trapped >= 0)
      throw new R3mesError({ code: "KERNEL_TRAPPED", kernel: KERNEL_NAMES[trapped] });
  }

  async function run(observe?: Observer): Promise<void> {
    if (observe === undefined) return execute(whole);
    trace ??= planTrace(prepared);
    for (const [position, operation] of program.operations.entries()) {
      execute(trace.runs[position]!);
      for (const [output, id] of operation.outputs.entries()) {
        const bytes = bytesOf(machine, program.tensors[id]!, trace.addresses[id]!);
        observe(position, output, bytes.slice());
      }
    }
  }

  return {
    program,
    write(name, bytes) {
      const { tensor, bytes: target } = find(name);
      if (tensor.role === "weight" || tensor.role === "intermediate") {
        throw new R3mesError({ code: "TENSOR_NOT_FOUND", tensor: name, role: tensor.role });
      }
      requireLength(tensor, bytes);
      checkInput(program, name, bytes);
      target.set(bytes);
    },
    run,
    async read(name) {
      return find(name).bytes.slice();
    },
    close: () => machine.close(),
  };
}

interface Trace {
  readonly addresses: readonly number[];
  /** The commands of each operation. */
  readonly runs: readonly Run[];
}

/** A traced run shows every tensor, so it needs a plan of its own and, most often, more memory. */
function planTrace({ program, machine, fixed, copies, threads, whole }: Prepared): Trace {
  const steps = singleSteps(program);
  const behind = { ...fixed, end: Math.max(fixed.end, 4 * (whole.start + whole.length)) };
  const plan = planMemory(program, steps, behind);
  const drafts = lowerAll({ program, threads, plan, copies, steps });
  const words = drafts.map((draft) => encodeCommands(schedule(draft, threads)));
  const bytes = words.reduce((sum, { byteLength }) => sum + byteLength, 0);
  machine.grow(withinMemory(plan.end + bytes));
  return { addresses: plan.addresses, runs: placeCommands(machine, plan.end, words) };
}

function bytesOf(machine: WasmMachine, tensor: Tensor, at: number): Uint8Array {
  return new Uint8Array(machine.buffer(), at, tensorBytes(tensor));
}

function requireLength(tensor: Tensor, bytes: Uint8Array): void {
  const expected = tensorBytes(tensor);
  if (bytes.length === expected) return;
  throw new R3mesError({
    code: "TENSOR_BYTES_INVALID",
    tensor: tensor.name,
    bytes: bytes.length,
    expected,
  });
}

/** Weights declared as transposes that some operation has no code to read in the other order. */
function transposedCopies(program: Program): ReadonlySet<number> {
  const copies = new Set<number>();
  for (const { kind, inputs } of singleSteps(program)) {
    for (const [name, id] of inputs) {
      const isTransposed = program.tensors[id]!.transposeOf !== undefined;
      if (isTransposed && TAKES_TRANSPOSE[kind] !== name) copies.add(id);
    }
  }
  return copies;
}

async function loadWeights(
  machine: WasmMachine,
  program: Program,
  fixed: FixedPlan,
  copies: ReadonlySet<number>,
  weights: WeightSource,
): Promise<void> {
  for (const [id, tensor] of program.tensors.entries()) {
    if (tensor.role !== "weight" || tensor.transposeOf !== undefined) continue;
    const bytes = await weights(tensor.name);
    requireLength(tensor, bytes);
    if (tensor.dtype === "t2") requireTernary(tensor, bytes);
    bytesOf(machine, tensor, fixed.addresses[id]!).set(bytes);
  }
  for (const id of copies) {
    const tensor = program.tensors[id]!;
    const source = program.tensors[tensor.transposeOf!]!;
    const bytes = bytesOf(machine, source, fixed.addresses[tensor.transposeOf!]!).slice();
    bytesOf(machine, tensor, fixed.addresses[id]!).set(transpose(source, bytes));
  }
}

/** Code 3 reads as +2, which no tensor of a model may hold. */
function requireTernary(tensor: Tensor, bytes: Uint8Array): void {
  const place = bytes.findIndex((byte) => (byte & (byte >> 1) & 0x55) !== 0);
  if (place < 0) return;
  throw new R3mesError({ code: "TENSOR_BYTES_INVALID", tensor: tensor.name, value: "2", place });
}

function transpose(source: Tensor, bytes: Uint8Array): Uint8Array {
  const values = unpackBlock(source.dtype, source.rows, source.columns, bytes);
  return packBlock(source.dtype, source.columns, source.rows, (row, column) => {
    return values[column * source.columns + row]!;
  });
}

interface LoweringOptions {
  readonly program: Program;
  readonly threads: number;
  readonly plan: MemoryPlan;
  readonly copies: ReadonlySet<number>;
  readonly steps: readonly Step[];
}

/** The kernel calls of each step. */
function lowerAll({
  program,
  threads,
  plan,
  copies,
  steps,
}: LoweringOptions): (readonly Draft[])[] {
  const sequences = sequencesOf(program);
  const bySequence = sequences >= threads && sequences % threads === 0;
  const slotOf = (id: number): Slot => {
    const tensor = program.tensors[id]!;
    const isTransposed = tensor.transposeOf !== undefined && !copies.has(id);
    return { tensor, at: plan.addresses[id]!, bytes: tensorBytes(tensor), isTransposed };
  };
  return steps.map(({ kind, name, params, inputs, outputs, temporaries }, position) => {
    const lowering = LOWERINGS[kind];
    if (lowering === undefined) {
      throw new R3mesError({ code: "PROGRAM_OPERATION_UNKNOWN", operation: name, kind });
    }
    const optional: LoweringContext["optional"] = (input, dtype) => {
      const id = inputs.get(input);
      if (id === undefined) return undefined;
      const slot = slotOf(id);
      const fits = dtype === undefined || slot.tensor.dtype === dtype;
      requireFormat(fits, name, `${slot.tensor.name} is ${dtype}`);
      return slot;
    };
    return lowering({
      params,
      threads,
      exp2: TABLES_AT,
      log2: TABLES_AT + TABLE_BYTES,
      optional,
      input: (input, dtype) => optional(input, dtype)!,
      output: (index) => slotOf(outputs[index]!),
      temporary: (index) => ({
        at: plan.temporaries[position]![index]!,
        bytes: temporaries[index]!,
      }),
      grainOf: (rows) => (bySequence && rows % sequences === 0 ? rows / sequences : 8),
    });
  });
}

/** Sequences of the batch: rows of the tokens that the first embedding reads, 1 without one. */
function sequencesOf(program: Program): number {
  const embed = program.operations.find(({ kind }) => kind === "embed");
  return embed === undefined ? 1 : program.tensors[embed.inputs[0]!]!.rows;
}
