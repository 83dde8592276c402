/** One Nesterov step of the adapter along a round's mean change. Source: spec/update.md, Outer step. */

export interface OuterSettings {
  /** 0 to 255, in 1/256. */
  readonly momentum: number;
  /** 1 to 4095, in 1/256. */
  readonly learningRate: number;
}

/** One factor tensor with its outer momentum; both i32, Q24. */
export interface OuterState {
  readonly factor: Int32Array;
  readonly momentum: Int32Array;
}

export function outerStep(
  settings: OuterSettings,
  state: OuterState,
  mean: Int32Array,
): OuterState {
  const factor = new Int32Array(mean.length);
  const momentum = new Int32Array(mean.length);
  for (let i = 0; i < mean.length; i += 1) {
    const carried = saturate(scaled(state.momentum[i]!, settings.momentum) + mean[i]!);
    const direction = mean[i]! + scaled(carried, settings.momentum);
    momentum[i] = carried;
    factor[i] = saturate(state.factor[i]! - scaled(direction, settings.learningRate));
  }
  return { factor, momentum };
}

/** RSH(value·by, 8): the product is below 2^43, and dividing a number by a power of two is exact. */
function scaled(value: number, by: number): number {
  return Math.floor((value * by + 128) / 256);
}

function saturate(value: number): number {
  return Math.max(-(2 ** 30), Math.min(2 ** 30, value));
}
