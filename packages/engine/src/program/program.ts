/**
 * The step program: a model as a static list of operations over declared tensors.
 *
 * A program is plain data. It names shapes and formats, never a device, a weight or an architecture. Operations run in
 * list order; each writes tensors that no earlier operation wrote. `spec/step-program.md` has the format and its bytes.
 */

/** Element types. `t2` is ternary: -1, 0, 1 in two bits, packed in P16 blocks of 16 rows x 16 columns. */
export type Dtype = "t2" | "i8" | "i16" | "i32" | "i64";

/**
 * Who gives a tensor its value: `weight` the model (fixed for the life of a program), `state` the previous step (read
 * and then overwritten in place by one operation), `input` the batch, `constant` the chain (seed, rate, step number),
 * `intermediate` an operation of this program.
 */
export type Role = "weight" | "state" | "input" | "constant" | "intermediate";

/**
 * A tensor is a matrix. Outer dimensions are folded into its rows, slowest first: one row per token [sequences * length],
 * or per token of a head [sequences * heads * length]. `tile` is what one Merkle leaf covers.
 */
export interface Tensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly rows: number;
  readonly columns: number;
  readonly tile: { readonly rows: number; readonly columns: number };
  readonly role: Role;
  /** For a weight that is the transpose of another weight: that tensor. Backends need to hold only one of the two. */
  readonly transposeOf?: number;
}

/** One operation. Tensors are named by their position in `Program.tensors`; an absent optional input is -1. */
export interface Operation {
  readonly name: string;
  readonly kind: string;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly params: Readonly<Record<string, number>>;
}

export interface Program {
  readonly name: string;
  readonly tensors: readonly Tensor[];
  readonly operations: readonly Operation[];
}

/** Positions in the i32 [1, 8] tensor `step`, the one constant of a training program. */
export const STEP = {
  seedLow: 0,
  seedHigh: 1,
  /** Learning rate in units of 2^-24. */
  learningRate: 2,
  /** Share of a weight that decays in this step, in units of 2^-30. */
  decay: 3,
  /** 2^20 - 2^20 * beta1^t, from the schedule's table. */
  bias1: 4,
  /** 2^20 - 2^20 * beta2^t. */
  bias2: 5,
} as const;
