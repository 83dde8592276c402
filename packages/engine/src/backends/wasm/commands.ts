/**
 * Commands: what a session's threads execute, as words in shared memory, and the loop that executes
 * them. A command is one kernel over `units` equal parts (rows, tensors, heads), which the threads
 * divide statically. This file knows nothing about what kernels compute.
 *
 * Every kernel takes its own arguments, then the part it owns, [from, to), and its thread's scratch.
 * No part writes what another part of the same command reads or writes, so any number of threads
 * gives the same bytes. A command that reads what other parts wrote asks for a barrier before it.
 */

export interface Command {
  /** Position in the kernel list that all threads of a machine share. */
  readonly kernel: number;
  readonly units: number;
  /** Parts begin at multiples of this many units. */
  readonly grain: number;
  readonly barrier: boolean;
  /** i32 arguments: addresses, shapes, shifts. */
  readonly args: readonly number[];
}

export type Kernel = (...args: number[]) => void;

/** Words of the control block at the start of shared memory. */
export const CONTROL = {
  /** Rises by one for every run; workers sleep on it. */
  run: 0,
  /** Threads that have reached the current barrier. */
  arrived: 1,
  /** Rises by one for every barrier passed; early threads sleep on it. */
  passed: 2,
  /** Where the commands of this run begin, in words, and how many words they take. */
  start: 3,
  length: 4,
  /** One more than the kernel that trapped, 0 when none did; the run's results are then void. */
  failed: 5,
  /** Set when workers are to return. */
  closing: 6,
} as const;

export const CONTROL_BYTES = 256;

const HEADER_WORDS = 5;

/** The commands as words: kernel, units, grain, barrier, number of arguments, arguments. */
export function encodeCommands(commands: readonly Command[]): Int32Array {
  const words: number[] = [];
  for (const { kernel, units, grain, barrier, args } of commands) {
    words.push(kernel, units, grain, barrier ? 1 : 0, args.length, ...args);
  }
  return Int32Array.from(words);
}

/** The units of thread `thread` of `threads`: as equal as multiples of `grain` allow. */
export function partOf(
  units: number,
  grain: number,
  thread: number,
  threads: number,
): readonly [from: number, to: number] {
  const grains = Math.floor((units + grain - 1) / grain);
  const from = Math.floor((grains * thread) / threads) * grain;
  const to = Math.floor((grains * (thread + 1)) / threads) * grain;
  return [Math.min(from, units), Math.min(to, units)];
}

export interface Crew {
  /** The memory as it is now: a run may begin after it has grown. */
  readonly buffer: () => SharedArrayBuffer;
  readonly kernels: readonly Kernel[];
  readonly thread: number;
  readonly threads: number;
  /** Address of this thread's scratch. */
  readonly scratch: number;
}

/** Executes the commands of the current run as one thread of the crew. */
export function runCommands(crew: Crew): void {
  const { kernels, thread, threads, scratch } = crew;
  const words = new Int32Array(crew.buffer());
  const start = words[CONTROL.start]!;
  const end = start + words[CONTROL.length]!;
  for (let at = start; at < end; ) {
    const argsAt = at + HEADER_WORDS;
    const count = words[at + 4]!;
    if (words[at + 3] === 1) barrier(words, threads);
    const [from, to] = partOf(words[at + 1]!, words[at + 2]!, thread, threads);
    if (from < to && words[CONTROL.failed] === 0) {
      const args = Array.from(words.subarray(argsAt, argsAt + count));
      try {
        kernels[words[at]!]!(...args, from, to, scratch);
      } catch {
        Atomics.store(words, CONTROL.failed, 1 + words[at]!);
      }
    }
    at = argsAt + count;
  }
  barrier(words, threads);
}

/** Returns when every thread of the crew has come here. */
function barrier(words: Int32Array<SharedArrayBuffer>, threads: number): void {
  const passed = Atomics.load(words, CONTROL.passed);
  if (Atomics.add(words, CONTROL.arrived, 1) === threads - 1) {
    Atomics.store(words, CONTROL.arrived, 0);
    Atomics.add(words, CONTROL.passed, 1);
    Atomics.notify(words, CONTROL.passed);
    return;
  }
  while (Atomics.load(words, CONTROL.passed) === passed) {
    Atomics.wait(words, CONTROL.passed, passed);
  }
}

/** A worker's life: sleep, run, sleep, until the machine closes. */
export function serveRuns(crew: Crew): void {
  const words = new Int32Array(crew.buffer());
  let seen = 0;
  for (;;) {
    Atomics.wait(words, CONTROL.run, seen);
    const run = Atomics.load(words, CONTROL.run);
    if (run === seen) continue;
    seen = run;
    if (Atomics.load(words, CONTROL.closing) === 1) return;
    runCommands(crew);
  }
}

/**
 * Runs commands already in memory on all threads; the caller is thread 0.
 * Returns the kernel that trapped, or -1.
 */
export function runOnCrew(crew: Crew, start: number, length: number): number {
  const words = new Int32Array(crew.buffer());
  words[CONTROL.start] = start;
  words[CONTROL.length] = length;
  Atomics.store(words, CONTROL.failed, 0);
  Atomics.add(words, CONTROL.run, 1);
  Atomics.notify(words, CONTROL.run);
  runCommands(crew);
  return Atomics.load(words, CONTROL.failed) - 1;
}
