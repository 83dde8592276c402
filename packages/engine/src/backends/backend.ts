/**
 * What a device has to do. Training and inference are handed a `Backend` and never learn which one.
 *
 * Bytes cross this boundary in storage form (spec/step-program.md): elements row by row, little-endian, ternary tensors
 * as one run of P16 blocks. Every backend gives the bytes of `reference.ts`, or it is wrong.
 */
import type { Program } from "../program/program.ts";

/**
 * Storage bytes of a weight by tensor name. Never asked for a weight that has `transposeOf`. A source that reads may fill the target,
 * which has their length, and return it: then they are in memory once.
 */
export type WeightSource = (name: string, target?: Uint8Array) => Uint8Array | Promise<Uint8Array>;

export interface Backend {
  readonly name: string;
  /** Checks the program (`checkProgram`), plans memory and loads the weights. */
  prepare(program: Program, weights: WeightSource): Promise<Session>;
}

/** A backend on which programs have in memory once what they have in common. */
export interface SharedBackend extends Backend {
  /**
   * Prepares programs over one copy of their weights. All of them are one machine: it runs one at a time, and whoever closes a session
   * closes them all.
   */
  prepareAll(members: readonly Member[], weights: WeightSource): Promise<Session[]>;
}

/** One of the programs that are prepared together. */
export interface Member {
  readonly program: Program;
  /** Whose state it has: members of one name share it, where a tensor with fewer rows is the first rows of the one with the most. */
  readonly state: string;
}

/** One prepared program with its weights and state, which is zero until it is written. Not re-entrant: one run at a time. */
export interface Session {
  readonly program: Program;
  /** Sets a state, input or constant tensor, or some of its rows. */
  write(name: string, bytes: Uint8Array, rows?: RowRange): void;
  /** Sets several such tensors, whose bytes lie one behind the other. Absent where it is no cheaper than one write after the other. */
  writeAll?(names: readonly string[], bytes: Uint8Array): void;
  /**
   * Executes every operation once, in order. State tensors then hold their new values.
   * With an observer the backend reports the storage bytes of every output of every operation, in program order, and may
   * fuse nothing that would hide one; the bytes are only valid during the call. With `only`, positions of operations, those
   * alone are reported, and the rest may be fused: whoever asks for a few outputs pays for little more than a plain run.
   */
  run(observe?: Observer, only?: ReadonlySet<number>): Promise<void>;
  /**
   * Storage bytes of a state tensor, or of an output named in `prepare` time by nothing else reading it; or of some rows.
   * `into` may be filled and returned if it has their size. The next may be asked for before the last is answered.
   */
  read(name: string, rows?: RowRange, into?: Uint8Array): Promise<Uint8Array>;
  /**
   * Several such tensors in one piece, in the order of their names. Absent where it is no cheaper than one read after the other.
   * `into` is filled and returned if it has their size.
   */
  readAll?(names: readonly string[], into?: Uint8Array): Promise<Uint8Array>;
  /** Takes memory back that `readAll` gave: from now on it belongs to a next read. Absent where nothing is gained by it. */
  giveBack?(bytes: Uint8Array): void;
  /** Where it is true, what is asked is done in the order of asking, and the next may be asked before the last is answered. */
  readonly isQueued?: boolean;
  /** Frees memory and workers. */
  close(): Promise<void>;
}

/** Some rows of a tensor. Their bytes lie in one piece, but for ternary tensors, which are written whole. */
export interface RowRange {
  readonly first: number;
  readonly count: number;
}

export type Observer = (operation: number, output: number, bytes: Uint8Array) => void;
