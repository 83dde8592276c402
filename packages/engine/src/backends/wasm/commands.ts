/**
 * Commands: what a session's threads execute, as words in shared memory, and the loop that executes
 * them. A command is one kernel over `units` equal parts (rows, tensors, heads), which the threads
 * divide statically. This file knows nothing about what kernels compute.
 *
 * Every kernel takes its own arguments, then the part it owns, [from, to), and its thread's scratch.
 * No part writes what another part of the same command reads or writes, so any number of threads
 * gives the same bytes. A command that reads what other parts wrote asks for a barrier before it.
 *
 * Commands may pass through their units together: a thread takes a block of each of them, one after the
 * other, before the next block of any. A run may begin or end within such a group.
 */
import { R3mesError } from "@r3mes/protocol";

export interface Command {
  /** Position in the kernel list that all threads of a machine share. */
  readonly kernel: number;
  readonly units: number;
  /** Parts begin at multiples of this many units. */
  readonly grain: number;
  readonly barrier: boolean;
  /** Commands behind this one that pass through their units together with it; they ask for no barrier. */
  readonly joined: number;
  /** Units that a thread takes at a time, a multiple of what a part may begin at; 0 for all of its part. */
  readonly block: number;
  /** i32 arguments: addresses, shapes, shifts. */
  readonly args: readonly number[];
}

export type Kernel = (...args: number[]) => void;

/** One of the threads that divide every command. */
export interface CrewThread {
  readonly thread: number;
  readonly threads: number;
  /** Address of this thread's scratch. */
  readonly scratch: number;
}

/**
 * Runs the commands in the words [from, to) one after the other as one thread of a crew, whatever barriers they ask for. Returns the
 * number of the kernel that trapped, or -1.
 */
export type Execute = (words: Int32Array, from: number, to: number, as: CrewThread) => number;

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
  /** Set when a thread ended or did not come to a barrier; the machine can run nothing more. */
  broken: 7,
} as const;

export const CONTROL_BYTES = 256;

const HEADER_WORDS = 7;
/** Where a command says whether it asks for a barrier, how many arguments it has, how many join it, and its block. */
const BARRIER_WORD = 3;
const ARGUMENTS_WORD = 4;
const JOINED_WORD = 5;
const BLOCK_WORD = 6;

/** Words of a command with so many arguments. */
export function commandWords(args: number): number {
  return HEADER_WORDS + args;
}

/** The commands as words: kernel, units, grain, barrier, number of arguments, joined, block, arguments. */
export function encodeCommands(commands: readonly Command[]): Int32Array {
  const words: number[] = [];
  for (const { kernel, units, grain, barrier, joined, block, args } of commands) {
    words.push(kernel, units, grain, barrier ? 1 : 0, args.length, joined, block, ...args);
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

/** Executes commands whose kernels are functions, by their numbers. */
export function executeWith(kernels: readonly Kernel[]): Execute {
  // Spread in a call costs least from an array, and least of all from one that is there already.
  const args: number[] = [];

  /** One block of the part of a command; true where there is more of the part behind it. */
  function executeBlock(words: Int32Array, at: number, block: number, as: CrewThread): boolean {
    const [begin, end] = partOf(words[at + 1]!, words[at + 2]!, as.thread, as.threads);
    const size = words[at + BLOCK_WORD]! || end - begin;
    const first = begin + block * size;
    const last = Math.min(first + size, end);
    if (first >= last) return false;
    const argsAt = at + HEADER_WORDS;
    const argsEnd = argsAt + words[at + ARGUMENTS_WORD]!;
    args.length = 0;
    for (let i = argsAt; i < argsEnd; i++) args.push(words[i]!);
    args.push(first, last, as.scratch);
    kernels[words[at]!]!(...args);
    return last < end;
  }

  return (words, from, to, as) => {
    let at = from;
    try {
      for (let end = from; end < to; ) {
        const start = end;
        end = groupEnd(words, start, to);
        for (let block = 0, isOpen = true; isOpen; block++) {
          isOpen = false;
          for (at = start; at < end; at = nextCommand(words, at)) {
            if (executeBlock(words, at, block, as)) isOpen = true;
          }
        }
      }
    } catch {
      return words[at]!;
    }
    return -1;
  };
}

/** Where the commands that pass through their units together with the one at `at` end, within a run that ends at `to`. */
function groupEnd(words: Int32Array, at: number, to: number): number {
  let end = nextCommand(words, at);
  for (let left = words[at + JOINED_WORD]!; left > 0 && end < to; left--) {
    end = nextCommand(words, end);
  }
  return end;
}

function nextCommand(words: Int32Array, at: number): number {
  return at + HEADER_WORDS + words[at + ARGUMENTS_WORD]!;
}

export interface Crew extends CrewThread {
  /** The memory as it is now: a run may begin after it has grown. */
  readonly buffer: () => SharedArrayBuffer;
  readonly execute: Execute;
  /**
   * How long a barrier waits for the slowest thread; ten minutes unless stated. A thread that ends by itself says so at once, and of
   * one that is ended from outside most hosts hear (`loseThread`), so this is for the others. It must exceed the longest
   * kernel on a busy machine.
   */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 600_000;
/** How long a thread waits at a time. Whoever began the run listens to its host in between. */
const STRETCH_MS = 100;

/**
 * How often a thread looks whether the others have come before it sleeps: some 20 microseconds, which is what being woken takes, so a
 * wait costs at most twice what the best choice would have.
 */
const LOOKS = 400;
/** Tells the processor that somebody waits; older engines have no word for it, and look faster. */
const { pause = () => {} } = Atomics as { readonly pause?: () => void };

/** Where commands lie, in words. */
export interface CommandRange {
  readonly start: number;
  readonly length: number;
}

/**
 * Executes the commands of the current run as one thread of the crew, or returns early where the crew is broken. Yields after every
 * `STRETCH_MS` in which it only waited for the others.
 */
function* runCommands(crew: Crew): Generator<undefined, void> {
  const { execute, threads, patienceMs = PATIENCE_MS } = crew;
  const words = new Int32Array(crew.buffer());
  const start = words[CONTROL.start]!;
  const end = start + words[CONTROL.length]!;
  for (let at = start; at < end; ) {
    const isMeeting = words[at + BARRIER_WORD] === 1;
    if (isMeeting && !(yield* barrier(words, threads, patienceMs))) return;
    const next = nextBarrier(words, at, end);
    // Where another thread has trapped, this one still comes to every barrier.
    if (Atomics.load(words, CONTROL.failed) === 0) {
      const trapped = execute(words, at, next, crew);
      if (trapped !== -1) Atomics.store(words, CONTROL.failed, 1 + trapped);
    }
    at = next;
  }
  yield* barrier(words, threads, patienceMs);
}

/** Where the first command behind this one that asks for a barrier begins, or the end. */
function nextBarrier(words: Int32Array, at: number, end: number): number {
  let next = at;
  do next = nextCommand(words, next);
  while (next < end && words[next + BARRIER_WORD] === 0);
  return next;
}

/** True when every thread of the crew has come here, false when one will not. */
function* barrier(
  words: Int32Array<SharedArrayBuffer>,
  threads: number,
  patienceMs: number,
): Generator<undefined, boolean> {
  const passed = Atomics.load(words, CONTROL.passed);
  if (Atomics.add(words, CONTROL.arrived, 1) === threads - 1) {
    Atomics.store(words, CONTROL.arrived, 0);
    Atomics.add(words, CONTROL.passed, 1);
    Atomics.notify(words, CONTROL.passed);
    return true;
  }
  lookFor(words, passed);
  for (let leftMs = patienceMs; Atomics.load(words, CONTROL.passed) === passed; ) {
    if (Atomics.load(words, CONTROL.broken) === 1) return false;
    const stretchMs = Math.min(leftMs, STRETCH_MS);
    if (Atomics.wait(words, CONTROL.passed, passed, stretchMs) !== "timed-out") continue;
    leftMs -= stretchMs;
    if (leftMs === 0) declareBroken(words);
    else yield;
  }
  return Atomics.load(words, CONTROL.broken) === 0;
}

/** Returns as soon as the count of barriers is no longer `passed`, or after some looks. */
function lookFor(words: Int32Array<SharedArrayBuffer>, passed: number): void {
  for (let look = 0; look < LOOKS; look += 1) {
    if (Atomics.load(words, CONTROL.passed) !== passed) return;
    pause();
  }
}

/** What a host calls when a thread of the crew has ended: runs end with `ENGINE_THREAD_LOST`, this one and every later one. */
export function loseThread(buffer: SharedArrayBuffer): void {
  declareBroken(new Int32Array(buffer));
}

/** Wakes every thread that waits; a raised count keeps one that is about to wait from sleeping. */
function declareBroken(words: Int32Array<SharedArrayBuffer>): void {
  Atomics.store(words, CONTROL.broken, 1);
  Atomics.add(words, CONTROL.passed, 1);
  Atomics.notify(words, CONTROL.passed);
}

/** A worker's life: sleep, run, sleep, until the machine closes. Whatever else ends it breaks the crew. */
export function serveRuns(crew: Crew): void {
  const words = new Int32Array(crew.buffer());
  try {
    serve(crew, words);
  } finally {
    if (Atomics.load(words, CONTROL.closing) === 0) declareBroken(words);
  }
}

function serve(crew: Crew, words: Int32Array<SharedArrayBuffer>): void {
  let seen = 0;
  while (Atomics.load(words, CONTROL.broken) === 0) {
    Atomics.wait(words, CONTROL.run, seen);
    const run = Atomics.load(words, CONTROL.run);
    if (run === seen) continue;
    seen = run;
    if (Atomics.load(words, CONTROL.closing) === 1) return;
    for (const _ of runCommands(crew));
  }
}

/**
 * Runs commands already in memory on all threads; the caller is thread 0. It blocks, but for moments in which it has waited long for
 * the others: then it awaits `listen`, which lets the host call `loseThread`.
 * Returns the kernel that trapped, or -1. Throws `ENGINE_THREAD_LOST` where not every thread came to the end.
 */
export async function runOnCrew(
  crew: Crew,
  { start, length }: CommandRange,
  listen: () => Promise<void> = async () => {},
): Promise<number> {
  const words = new Int32Array(crew.buffer());
  requireWhole(words, crew.threads);
  words[CONTROL.start] = start;
  words[CONTROL.length] = length;
  Atomics.store(words, CONTROL.failed, 0);
  Atomics.add(words, CONTROL.run, 1);
  Atomics.notify(words, CONTROL.run);
  try {
    for (const _ of runCommands(crew)) await listen();
  } catch (error) {
    declareBroken(words);
    throw error;
  }
  requireWhole(words, crew.threads);
  return Atomics.load(words, CONTROL.failed) - 1;
}

function requireWhole(words: Int32Array<SharedArrayBuffer>, threads: number): void {
  if (Atomics.load(words, CONTROL.broken) === 0) return;
  throw new R3mesError({ code: "ENGINE_THREAD_LOST", threads });
}
