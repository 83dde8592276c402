/**
 * A positive real as the engine holds the constants of a model: mantissa * 2^-exponent with a mantissa of 15 bits
 * (spec/arithmetic.md). The relative error is at most 2^-15.
 */
export interface Scale {
  /** 2^14 … 2^15 - 1 */
  readonly mantissa: number;
  readonly exponent: number;
}

/** @param value positive and finite */
export function scaleOf(value: number): Scale {
  let exponent = 0;
  let scaled = value;
  // Multiplying by two is exact, so the loops lose nothing.
  while (scaled < 16384) {
    scaled *= 2;
    exponent += 1;
  }
  while (scaled >= 32768) {
    scaled /= 2;
    exponent -= 1;
  }
  const mantissa = Math.round(scaled);
  return mantissa === 32768 ? { mantissa: 16384, exponent: exponent - 1 } : { mantissa, exponent };
}
