/**
 * The two long loops of the referee, sixteen products at a time: integer SIMD128, as section 7 of
 * spec/referee.md admits. The scalar build of the module has none and is held to the same bytes.
 */

/** Sum of 16 products of int8 added to `sum`: at most 2^16 a lane and call. */
function addProducts(sum: v128, x: v128, y: v128): v128 {
  const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(x), i16x8.extend_low_i8x16_s(y));
  const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(x), i16x8.extend_high_i8x16_s(y));
  return i32x4.add(sum, i32x4.add(low, high));
}

function sumOfLanes(sum: v128): i32 {
  const pairs = i32x4.add(
    sum,
    i8x16.shuffle(sum, sum, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7),
  );
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
}

/** sum of n products of int8, n a multiple of 16, at most as wide as a tile: 32 bits hold it. */
export function dotBytes(a: usize, b: usize, n: i32): i32 {
  let sum = i32x4.splat(0);
  for (let k = n; k > 0; k -= 16) {
    sum = addProducts(sum, v128.load(a), v128.load(b));
    a += 16;
    b += 16;
  }
  return sumOfLanes(sum);
}

/** sum of n products of int8 with a row of ternary blocks, n a multiple of 16; code 3 is 2. */
export function dotTernary(x: usize, block: usize, n: i32): i32 {
  // Column 4 q + b of a block has bits 2 q and 2 q + 1 of byte b.
  const low = i32x4(0x01010101, 0x04040404, 0x10101010, 0x40404040);
  const high = i32x4.shl(low, 1);
  const zero = i32x4.splat(0);
  const minusOne = i32x4.splat(-1);
  let sum = zero;
  for (let k = n; k > 0; k -= 16) {
    const codes = v128.load32_splat(block);
    // A lane of a comparison is 0 or -1.
    const ones = i8x16.ne(v128.and(codes, low), zero);
    const twos = i8x16.ne(v128.and(codes, high), zero);
    const weights = i8x16.sub(i8x16.sub(minusOne, ones), i8x16.add(twos, twos));
    sum = addProducts(sum, v128.load(x), weights);
    x += 16;
    block += 64;
  }
  return sumOfLanes(sum);
}
