/**
 * A program on a machine: memory planned and checked against the budget before anything is reserved, weights
 * loaded, then runs of a few hundred dispatches a submission.
 */
import { R3mesError } from "@r3mes/protocol";
import { EXP2, LOG2 } from "../../arithmetic/tables.ts";
import { checkInput } from "../../program/checkInput.ts";
import type { Program, Tensor } from "../../program/program.ts";
import { tensorBytes } from "../../tensor/storage.ts";
import type { Observer, RowRange, Session, WeightSource } from "../backend.ts";
import { requireLength, requireTernary, rowsOf } from "../requireBytes.ts";
import { planFixed, planMemory } from "../wasm/planMemory.ts";
import { singleSteps } from "../wasm/steps.ts";
import { encodeDispatches, type GpuMachine, type GpuProgram } from "./createMachine.ts";
import type { GpuBuffer } from "./gpu.ts";
import { type Dispatch, lowerOperation, lowerTranspose } from "./lowerOperations.ts";

/** The tables begin the arena, where memory.wgsl expects them. */
const TABLE_WORDS = EXP2.length + LOG2.length;

/** A device that computes too long at a stretch is taken for hung by some systems. */
const DISPATCHES_PER_SUBMISSION = 256;

/** Outputs of a traced run are collected up to this size before they are read. */
const STAGING_BYTES = 4 << 20;

export interface SessionOptions {
  readonly machine: GpuMachine;
  readonly program: Program;
  /** Most bytes of the arena. */
  readonly memoryBytes: number;
}

export async function createSession(
  { machine, program, memoryBytes }: SessionOptions,
  weights: WeightSource,
): Promise<Session> {
  const transposes = program.tensors.flatMap(({ transposeOf }, id) =>
    transposeOf === undefined ? [] : [id],
  );
  const fixed = planFixed(program, { start: 4 * TABLE_WORDS, copies: new Set(transposes) });
  const { addresses, end } = planMemory(program, singleSteps(program), fixed);
  const limit = Math.min(memoryBytes, machine.bytesMax);
  if (end > limit) throw new R3mesError({ code: "GPU_MEMORY_EXCEEDED", bytes: end, limit });
  const preparation = transposes.map((id) => lowerTranspose(program, id, addresses));
  const operations = program.operations.map((operation) =>
    lowerOperation(program, operation, addresses),
  );
  const loaded = await machine.load(end, [...preparation, ...operations.flat()]);
  const prepared: Prepared = {
    machine,
    program,
    loaded,
    addresses,
    fixed: fixed.addresses,
    ends: endsOf(operations, preparation.length),
  };
  try {
    await loadWeights(prepared, weights);
    const staging = await machine.createStaging(stagingBytes(program));
    return sessionOf(prepared, staging);
  } catch (error) {
    loaded.destroy();
    throw error;
  }
}

interface Prepared {
  readonly machine: GpuMachine;
  readonly program: Program;
  readonly loaded: GpuProgram;
  readonly addresses: readonly number[];
  /** Addresses of what outlives a run. */
  readonly fixed: readonly number[];
  /** The dispatch behind the last one of each operation; the first entry is where the program begins. */
  readonly ends: readonly number[];
}

function endsOf(operations: readonly (readonly Dispatch[])[], begin: number): number[] {
  const ends = [begin];
  for (const dispatches of operations) ends.push(ends.at(-1)! + dispatches.length);
  return ends;
}

async function loadWeights(prepared: Prepared, weights: WeightSource): Promise<void> {
  const { machine, program, loaded, addresses, ends } = prepared;
  const tables = Int32Array.from([...EXP2, ...LOG2]);
  machine.write(loaded.arena, 0, new Uint8Array(tables.buffer));
  for (const [id, tensor] of program.tensors.entries()) {
    if (tensor.role !== "weight" || tensor.transposeOf !== undefined) continue;
    const bytes = await weights(tensor.name);
    requireLength(tensor, bytes);
    if (tensor.dtype === "t2") requireTernary(tensor, bytes);
    machine.write(loaded.arena, addresses[id]!, bytes);
  }
  if (ends[0] === 0) return;
  machine.submit((encoder) => encodeDispatches(encoder, loaded, 0, ends[0]!));
}

const aligned = (bytes: number): number => Math.ceil(bytes / 8) * 8;
const copiedBytes = (tensor: Tensor): number => aligned(tensorBytes(tensor));

/** Room for the largest tensor that is ever read. */
function stagingBytes({ tensors }: Program): number {
  const read = tensors.filter(({ role }) => role !== "weight");
  return Math.max(STAGING_BYTES, ...read.map(copiedBytes));
}

function sessionOf(prepared: Prepared, staging: GpuBuffer): Session {
  const { machine, program, loaded, fixed, ends } = prepared;
  const ids = new Map(program.tensors.map((tensor, id) => [tensor.name, id]));

  function find(name: string, rows?: RowRange): { tensor: Tensor; address: number } {
    const id = ids.get(name);
    const address = fixed[id ?? -1];
    if (id === undefined || address === undefined) {
      throw new R3mesError({ code: "TENSOR_NOT_FOUND", tensor: name });
    }
    const { tensor, at } = rowsOf(program.tensors[id]!, rows);
    // A device copies whole words.
    const isWhole = tensor.rows === program.tensors[id]!.rows;
    if (!isWhole && (at % 4 !== 0 || tensorBytes(tensor) % 4 !== 0)) {
      throw new R3mesError({ code: "TENSOR_ROWS_DIVIDED", tensor: name, ...rows });
    }
    return { tensor, address: address + at };
  }

  async function runPlain(): Promise<void> {
    const end = ends.at(-1)!;
    for (let from = ends[0]!; from < end; from += DISPATCHES_PER_SUBMISSION) {
      const to = Math.min(end, from + DISPATCHES_PER_SUBMISSION);
      machine.submit((encoder) => {
        encodeDispatches(encoder, loaded, from, to);
        if (to === end) encoder.copyBufferToBuffer(loaded.arena, 0, staging, 0, 8);
      });
    }
    await machine.receive(staging, 8, () => {});
  }

  async function readNow(name: string, rows: RowRange | undefined): Promise<Uint8Array> {
    const { tensor, address } = find(name, rows);
    let copy = new Uint8Array();
    machine.submit((encoder) => {
      encoder.copyBufferToBuffer(loaded.arena, address, staging, 0, copiedBytes(tensor));
    });
    await machine.receive(staging, copiedBytes(tensor), (bytes) => {
      copy = bytes.slice(0, tensorBytes(tensor));
    });
    return copy;
  }

  let lastRead: Promise<unknown> = Promise.resolve();

  return {
    program,
    write(name, bytes, rows) {
      const { tensor, address } = find(name, rows);
      if (tensor.role === "weight" || tensor.role === "intermediate") {
        throw new R3mesError({ code: "TENSOR_NOT_FOUND", tensor: name, role: tensor.role });
      }
      requireLength(tensor, bytes);
      checkInput(program, name, bytes);
      machine.write(loaded.arena, address, bytes);
    },
    run: (observe, only) =>
      observe === undefined ? runPlain() : runTraced(prepared, staging, { observe, only }),
    read(name, rows) {
      // The staging buffer has room for one answer at a time.
      const read = lastRead.then(() => readNow(name, rows));
      lastRead = read.catch(() => {});
      return read;
    },
    async close() {
      machine.release(staging);
      loaded.destroy();
    },
  };
}

interface Copied {
  readonly operation: number;
  readonly output: number;
  readonly at: number;
  readonly bytes: number;
}

/** Copies every output as soon as it is made, and reports them whenever the staging buffer is full. */
async function runTraced(
  { machine, program, loaded, addresses, ends }: Prepared,
  staging: GpuBuffer,
  {
    observe,
    only,
  }: { readonly observe: Observer; readonly only?: ReadonlySet<number> | undefined },
): Promise<void> {
  const capacity = stagingBytes(program);
  let copied: Copied[] = [];
  let used = 0;

  async function report(): Promise<void> {
    await machine.receive(staging, used, (bytes) => {
      for (const { operation, output, at, bytes: size } of copied) {
        observe(operation, output, bytes.slice(at, at + size));
      }
    });
    copied = [];
    used = 0;
  }

  for (const [operation, { outputs }] of program.operations.entries()) {
    const isShown = only === undefined || only.has(operation);
    const tensors = isShown ? outputs.map((id) => program.tensors[id]!) : [];
    const ahead = tensors.reduce((sum, tensor) => sum + copiedBytes(tensor), 0);
    if (used > 0 && used + ahead > capacity) await report();
    machine.submit((encoder) => {
      encodeDispatches(encoder, loaded, ends[operation]!, ends[operation + 1]!);
    });
    for (const [output, tensor] of tensors.entries()) {
      const size = copiedBytes(tensor);
      if (used > 0 && used + size > capacity) await report();
      const at = used;
      machine.submit((encoder) => {
        encoder.copyBufferToBuffer(loaded.arena, addresses[outputs[output]!]!, staging, at, size);
      });
      copied.push({ operation, output, at, bytes: tensorBytes(tensor) });
      used += size;
    }
  }
  if (used > 0) await report();
}
