/**
 * Programs on a machine: memory planned and checked against the budget before anything is reserved, weights
 * loaded, then runs of a few hundred dispatches a submission.
 */
import { R3mesError } from "@r3mes/protocol";
import { EXP2, LOG2 } from "../../arithmetic/tables.ts";
import { checkInput } from "../../program/checkInput.ts";
import type { Program, Tensor } from "../../program/program.ts";
import { tensorBytes } from "../../tensor/storage.ts";
import type { Member, Observer, RowRange, Session, WeightSource } from "../backend.ts";
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

export interface SessionsOptions {
  readonly machine: GpuMachine;
  readonly members: readonly Member[];
  /** Most bytes of the arena. */
  readonly memoryBytes: number;
}

/** One session for each program, all in one arena. */
export async function createSessions(
  { machine, members, memoryBytes }: SessionsOptions,
  weights: WeightSource,
): Promise<Session[]> {
  const plans = planArena(members);
  // One program runs at a time, so the intermediates of all lie at one place.
  const bytes = Math.max(...plans.map(({ end }) => end));
  const limit = Math.min(memoryBytes, machine.bytesMax);
  if (bytes > limit) throw new R3mesError({ code: "GPU_MEMORY_EXCEEDED", bytes, limit });
  const giveBack: (() => void)[] = [];
  const close = () => {
    for (const give of giveBack.splice(0)) give();
  };
  const held = (buffer: GpuBuffer): GpuBuffer => {
    giveBack.push(() => machine.release(buffer));
    return buffer;
  };
  try {
    const arena = held(await machine.createArena(bytes));
    const tables = Int32Array.from([...EXP2, ...LOG2]);
    machine.write(arena, 0, new Uint8Array(tables.buffer));
    const prepared: Prepared[] = [];
    for (const plan of plans) {
      const loaded = await machine.load(arena, plan.dispatches);
      giveBack.push(loaded.destroy);
      prepared.push({ ...plan, machine, loaded });
    }
    await loadWeights(prepared, weights);
    const capacity = Math.max(...members.map(({ program }) => stagingBytes(program)));
    const buffer = held(await machine.createStaging(capacity));
    const staging = { buffer, capacity, lastRead: Promise.resolve() };
    return prepared.map((one) => sessionOf(one, staging, close));
  } catch (error) {
    close();
    throw error;
  }
}

interface Plan {
  readonly program: Program;
  readonly addresses: readonly number[];
  /** Addresses of what outlives a run. */
  readonly fixed: readonly number[];
  readonly end: number;
  readonly dispatches: readonly Dispatch[];
  /** The dispatch behind the last one of each operation; the first entry is where the program begins. */
  readonly ends: readonly number[];
}

interface Prepared extends Plan {
  readonly machine: GpuMachine;
  readonly loaded: GpuProgram;
}

/** A buffer that the host can read, with room for one answer at a time. */
interface Staging {
  readonly buffer: GpuBuffer;
  readonly capacity: number;
  lastRead: Promise<unknown>;
}

function planArena(members: readonly Member[]): Plan[] {
  const copiesOf = (program: Program) => new Set(transposesOf(program));
  const all = planFixed(members, { start: 4 * TABLE_WORDS, copiesOf });
  return members.map(({ program }, i) => {
    const fixed = all[i]!;
    const { addresses, end } = planMemory(program, singleSteps(program), fixed);
    const preparation = transposesOf(program).map((id) => lowerTranspose(program, id, addresses));
    const operations = program.operations.map((operation) =>
      lowerOperation(program, operation, addresses),
    );
    const dispatches = [...preparation, ...operations.flat()];
    const ends = endsOf(operations, preparation.length);
    return { program, addresses, fixed: fixed.addresses, end, dispatches, ends };
  });
}

function transposesOf({ tensors }: Program): number[] {
  return tensors.flatMap(({ transposeOf }, id) => (transposeOf === undefined ? [] : [id]));
}

function endsOf(operations: readonly (readonly Dispatch[])[], begin: number): number[] {
  const ends = [begin];
  for (const dispatches of operations) ends.push(ends.at(-1)! + dispatches.length);
  return ends;
}

/** Each weight once, however many programs it is of. */
async function loadWeights(prepared: readonly Prepared[], weights: WeightSource): Promise<void> {
  const written = new Set<string>();
  for (const { machine, program, loaded, addresses, ends } of prepared) {
    for (const [id, tensor] of program.tensors.entries()) {
      if (tensor.role !== "weight" || tensor.transposeOf !== undefined) continue;
      if (written.has(tensor.name)) continue;
      written.add(tensor.name);
      const bytes = await weights(tensor.name);
      requireLength(tensor, bytes);
      if (tensor.dtype === "t2") requireTernary(tensor, bytes);
      machine.write(loaded.arena, addresses[id]!, bytes);
    }
    if (ends[0] === 0) continue;
    machine.submit((encoder) => encodeDispatches(encoder, loaded, 0, ends[0]!));
  }
}

const aligned = (bytes: number): number => Math.ceil(bytes / 8) * 8;
const copiedBytes = (tensor: Tensor): number => aligned(tensorBytes(tensor));

/** Room for the largest tensor that is ever read. */
function stagingBytes({ tensors }: Program): number {
  const read = tensors.filter(({ role }) => role !== "weight");
  return Math.max(STAGING_BYTES, ...read.map(copiedBytes));
}

function sessionOf(prepared: Prepared, staging: Staging, close: () => void): Session {
  const { machine, program, loaded, fixed, ends } = prepared;
  const { buffer } = staging;
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
        if (to === end) encoder.copyBufferToBuffer(loaded.arena, 0, buffer, 0, 8);
      });
    }
    await machine.receive(buffer, 8, () => {});
  }

  async function readNow(name: string, rows: RowRange | undefined): Promise<Uint8Array> {
    const { tensor, address } = find(name, rows);
    let copy = new Uint8Array();
    machine.submit((encoder) => {
      encoder.copyBufferToBuffer(loaded.arena, address, buffer, 0, copiedBytes(tensor));
    });
    await machine.receive(buffer, copiedBytes(tensor), (bytes) => {
      copy = bytes.slice(0, tensorBytes(tensor));
    });
    return copy;
  }

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
      const read = staging.lastRead.then(() => readNow(name, rows));
      staging.lastRead = read.catch(() => {});
      return read;
    },
    async close() {
      close();
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
  { buffer, capacity }: Staging,
  {
    observe,
    only,
  }: { readonly observe: Observer; readonly only?: ReadonlySet<number> | undefined },
): Promise<void> {
  let copied: Copied[] = [];
  let used = 0;

  async function report(): Promise<void> {
    await machine.receive(buffer, used, (bytes) => {
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
        encoder.copyBufferToBuffer(loaded.arena, addresses[outputs[output]!]!, buffer, at, size);
      });
      copied.push({ operation, output, at, bytes: tensorBytes(tensor) });
      used += size;
    }
  }
  if (used > 0) await report();
}
