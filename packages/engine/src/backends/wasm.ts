/**
 * The WASM backend: a program as commands for SIMD kernels over one shared memory, on 1 to n threads,
 * with the bytes of the reference. Memory is planned when a program is prepared; a run allocates none.
 *
 * A run blocks the calling thread until it is done, so a browser calls it from a worker.
 */
import { R3mesError } from "@r3mes/protocol";
import { EXP2, LOG2 } from "../arithmetic/tables.ts";
import { KINDS } from "../ops/kinds.ts";
import { checkProgram } from "../program/checkProgram.ts";
import type { Operation, Program, Tensor } from "../program/program.ts";
import { packBlock, tensorBytes, unpackBlock } from "../tensor/storage.ts";
import type { Backend, Observer, Session, WeightSource } from "./backend.ts";
import { CONTROL_BYTES, type Crew, encodeCommands, runOnCrew } from "./wasm/commands.ts";
import { type Draft, type LoweringContext, requireFormat, type Slot } from "./wasm/draft.ts";
import type { KernelBuild, WasmHost, WasmMachine } from "./wasm/host.ts";
import { KERNEL_NAMES } from "./wasm/kernelNames.ts";
import { attentionLowerings } from "./wasm/lowerings/attention.ts";
import { headLowerings } from "./wasm/lowerings/head.ts";
import { normLowerings } from "./wasm/lowerings/norm.ts";
import { productLowerings } from "./wasm/lowerings/products.ts";
import { rowLowerings } from "./wasm/lowerings/rows.ts";
import { type MemoryPlan, planMemory } from "./wasm/planMemory.ts";
import { schedule } from "./wasm/schedule.ts";
import { scratchBytes } from "./wasm/scratch.ts";
import { passesSelfTest, SELF_TEST_BYTES } from "./wasm/selfTest.ts";

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
  const tables = CONTROL_BYTES;
  const scratch = 8_192;
  const copies = transposedCopies(program);
  const plan = planMemory(program, { start: scratch + threads * perThread, copies });
  const drafts = program.operations.map((operation) =>
    lower(options, plan, copies, tables, operation),
  );
  const whole = encodeCommands(schedule(drafts.flat(), threads));
  const single = drafts.map((draft) => encodeCommands(schedule(draft, threads)));
  const wordsAt = plan.end;
  const words = [whole, ...single];
  const end = wordsAt + words.reduce((sum, { byteLength }) => sum + byteLength, 0) + 65_536;
  if (end > MEMORY_MAX) {
    throw new R3mesError({ code: "ENGINE_MEMORY_EXCEEDED", bytes: end, limit: MEMORY_MAX });
  }
  const machine = host.openMachine(build, end);
  new Int32Array(machine.buffer, tables, EXP2.length).set(EXP2);
  new Int32Array(machine.buffer, tables + TABLE_BYTES, LOG2.length).set(LOG2);
  const runs = placeCommands(machine, wordsAt, words);
  await loadWeights(machine, program, plan, copies, weights);
  await machine.startWorkers({
    threads,
    scratch,
    scratchBytes: perThread,
    kernelNames: KERNEL_NAMES,
  });
  const crew: Crew = {
    words: new Int32Array(machine.buffer),
    kernels: KERNEL_NAMES.map((name) => machine.kernels[name]!),
    thread: 0,
    threads,
    scratch,
  };
  return sessionOf(program, plan, machine, crew, runs);
}

/** Bytes reserved for each of the two tables of 257 entries. */
const TABLE_BYTES = 1_088;

interface Run {
  readonly start: number;
  readonly length: number;
}

/** Writes the commands of the whole program and of each operation; positions are in words. */
function placeCommands(machine: WasmMachine, at: number, words: readonly Int32Array[]): Run[] {
  let next = at;
  return words.map((run) => {
    new Int32Array(machine.buffer, next, run.length).set(run);
    const start = next / 4;
    next += run.byteLength;
    return { start, length: run.length };
  });
}

function sessionOf(
  program: Program,
  plan: MemoryPlan,
  machine: WasmMachine,
  crew: Crew,
  [whole, ...single]: readonly Run[],
): Session {
  const ids = new Map(program.tensors.map((tensor, id) => [tensor.name, id]));

  function find(name: string): { tensor: Tensor; bytes: Uint8Array } {
    const id = ids.get(name);
    if (id === undefined) throw new R3mesError({ code: "TENSOR_NOT_FOUND", tensor: name });
    const tensor = program.tensors[id]!;
    return { tensor, bytes: bytesOf(machine, plan, tensor, id) };
  }

  function execute({ start, length }: Run): void {
    const trapped = runOnCrew(crew, start, length);
    if (trapped >= 0)
      throw new R3mesError({ code: "KERNEL_TRAPPED", kernel: KERNEL_NAMES[trapped] });
  }

  async function run(observe?: Observer): Promise<void> {
    if (observe === undefined) return execute(whole!);
    for (const [position, operation] of program.operations.entries()) {
      execute(single[position]!);
      operation.outputs.forEach((id, output) => {
        observe(position, output, bytesOf(machine, plan, program.tensors[id]!, id).slice());
      });
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
      target.set(bytes);
    },
    run,
    async read(name) {
      return find(name).bytes.slice();
    },
    close: () => machine.close(),
  };
}

function bytesOf(machine: WasmMachine, plan: MemoryPlan, tensor: Tensor, id: number): Uint8Array {
  return new Uint8Array(machine.buffer, plan.addresses[id]!, tensorBytes(tensor));
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
  for (const operation of program.operations) {
    inputNames(operation).forEach((name, slot) => {
      const id = operation.inputs[slot]!;
      if (program.tensors[id]?.transposeOf === undefined) return;
      if (TAKES_TRANSPOSE[operation.kind] !== name) copies.add(id);
    });
  }
  return copies;
}

function inputNames(operation: Operation): readonly string[] {
  const kind = KINDS.get(operation.kind)!;
  return [...kind.inputs, ...kind.optional];
}

async function loadWeights(
  machine: WasmMachine,
  program: Program,
  plan: MemoryPlan,
  copies: ReadonlySet<number>,
  weights: WeightSource,
): Promise<void> {
  for (const [id, tensor] of program.tensors.entries()) {
    if (tensor.role !== "weight" || tensor.transposeOf !== undefined) continue;
    const bytes = await weights(tensor.name);
    requireLength(tensor, bytes);
    if (tensor.dtype === "t2") requireTernary(tensor, bytes);
    bytesOf(machine, plan, tensor, id).set(bytes);
  }
  for (const id of copies) {
    const tensor = program.tensors[id]!;
    const source = program.tensors[tensor.transposeOf!]!;
    const bytes = bytesOf(machine, plan, source, tensor.transposeOf!).slice();
    bytesOf(machine, plan, tensor, id).set(transpose(source, bytes));
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

/** The kernel calls of one operation. */
function lower(
  { program, threads }: SessionOptions,
  plan: MemoryPlan,
  copies: ReadonlySet<number>,
  tables: number,
  operation: Operation,
): readonly Draft[] {
  const lowering = LOWERINGS[operation.kind];
  if (lowering === undefined) {
    throw new R3mesError({
      code: "PROGRAM_OPERATION_UNKNOWN",
      operation: operation.name,
      kind: operation.kind,
    });
  }
  const names = inputNames(operation);
  const slotOf = (id: number): Slot => {
    const tensor = program.tensors[id]!;
    const isTransposed = tensor.transposeOf !== undefined && !copies.has(id);
    return { tensor, at: plan.addresses[id]!, bytes: tensorBytes(tensor), isTransposed };
  };
  const optional: LoweringContext["optional"] = (name, dtype) => {
    const id = operation.inputs[names.indexOf(name)] ?? -1;
    if (id < 0) return undefined;
    const slot = slotOf(id);
    const fits = dtype === undefined || slot.tensor.dtype === dtype;
    requireFormat(fits, operation.name, `${slot.tensor.name} is ${dtype}`);
    return slot;
  };
  const sequences = sequencesOf(program);
  const bySequence = sequences >= threads && sequences % threads === 0;
  return lowering({
    operation,
    params: operation.params,
    threads,
    exp2: tables,
    log2: tables + TABLE_BYTES,
    optional,
    input: (name, dtype) => optional(name, dtype)!,
    output: (index) => slotOf(operation.outputs[index]!),
    grainOf: (rows) => (bySequence && rows % sequences === 0 ? rows / sequences : 8),
  });
}

/** Sequences of the batch: rows of the tokens that the first embedding reads, 1 without one. */
function sequencesOf(program: Program): number {
  const embed = program.operations.find(({ kind }) => kind === "embed");
  return embed === undefined ? 1 : program.tensors[embed.inputs[0]!]!.rows;
}
