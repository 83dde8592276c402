/** The shape of an update as program and pool fix it; it is never sent. Source: spec/update.md, Layout. */

export const updateScaleMax = 1 << 22;
export const updatesPerRoundMax = 256;

export interface UpdateLayout {
  /** Number of elements of each factor tensor, in the order of the state tree. */
  readonly elements: readonly number[];
  /** Kept elements per thousand, 1 to 500. */
  readonly keptPerMille: number;
}

/** What an update says about one tensor. */
export interface TensorUpdate {
  /** Q24; 0 exactly when nothing is kept. */
  readonly scale: number;
  /** Ascending, distinct, below the tensor's number of elements. */
  readonly indices: Uint32Array;
  /** 1 where the change is negative; as long as `indices`. */
  readonly negative: Uint8Array;
}

export type Update = readonly TensorUpdate[];

/** The most elements that are kept of `elements`. */
export function keptMax(elements: number, keptPerMille: number): number {
  return Math.floor((elements * keptPerMille + 999) / 1000);
}

/** The Rice parameter of a tensor's gaps, in bits. */
export function riceBits(elements: number, keptPerMille: number): number {
  const meanGap = Math.floor(elements / keptMax(elements, keptPerMille)) - 1;
  return Math.max(0, bitLength(meanGap) - 1);
}

function bitLength(value: number): number {
  return 32 - Math.clz32(value);
}
