// The primitives of spec/arithmetic.md in 32 bits, and in 64 where a bound asks for it.
// WGSL has no 64-bit integers and no exact floats, so a wide value is two words.

const NO_MAGNITUDE = -16384;
const ZERO_EXPONENT = 16384;
const SAT30 = 1 << 30u;

// Two's complement: the low word, then the high one.
alias Wide = vec2<u32>;

fn wide(x: i32) -> Wide {
  return Wide(u32(x), u32(x >> 31u));
}

fn add(a: Wide, b: Wide) -> Wide {
  let low = a.x + b.x;
  return Wide(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn negate(a: Wide) -> Wide {
  return add(~a, Wide(1u, 0u));
}

fn subtract(a: Wide, b: Wide) -> Wide {
  return add(a, negate(b));
}

fn isNegative(a: Wide) -> bool {
  return (a.y >> 31u) != 0u;
}

fn isZero(a: Wide) -> bool {
  return (a.x | a.y) == 0u;
}

fn absolute(a: Wide) -> Wide {
  return select(a, negate(a), isNegative(a));
}

fn lessUnsigned(a: Wide, b: Wide) -> bool {
  return a.y < b.y || (a.y == b.y && a.x < b.x);
}

// The high word of an unsigned product, by 16-bit limbs.
fn mulHigh(a: u32, b: u32) -> u32 {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let left = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let right = (a & 0xffffu) * (b >> 16u) + (left & 0xffffu);
  return (a >> 16u) * (b >> 16u) + (left >> 16u) + (right >> 16u);
}

fn multiply(a: i32, b: i32) -> Wide {
  let high = mulHigh(u32(a), u32(b)) - select(0u, u32(b), a < 0) - select(0u, u32(a), b < 0);
  return Wide(u32(a) * u32(b), high);
}

// The low 64 bits, which are all of them within the bounds of a program.
fn multiplyWide(a: Wide, b: i32) -> Wide {
  let high = mulHigh(a.x, u32(b)) + a.y * u32(b) - select(0u, a.x, b < 0);
  return Wide(a.x * u32(b), high);
}

fn shiftLeft(a: Wide, s: u32) -> Wide {
  let part = s & 31u;
  let near = Wide(a.x << part, (a.y << part) | ((a.x >> 1u) >> (31u - part)));
  return select(near, Wide(0u, near.x), s >= 32u);
}

// Arithmetic, for s < 64. A shift by 31 and one more is a shift by 32, which WGSL does not have.
fn shiftRight(a: Wide, s: u32) -> Wide {
  let part = s & 31u;
  let high = u32(i32(a.y) >> part);
  let near = Wide((a.x >> part) | ((a.y << 1u) << (31u - part)), high);
  return select(near, Wide(high, u32(i32(a.y) >> 31u)), s >= 32u);
}

fn bitAt(a: Wide, place: u32) -> u32 {
  return (select(a.x, a.y, place >= 32u) >> (place & 31u)) & 1u;
}

fn bitLengthUnsigned(x: u32) -> i32 {
  return 32 - i32(countLeadingZeros(x));
}

fn bitLength(x: i32) -> i32 {
  return bitLengthUnsigned(u32(abs(x)));
}

fn bitLengthWide(a: Wide) -> i32 {
  let x = absolute(a);
  return select(bitLengthUnsigned(x.x), 32 + bitLengthUnsigned(x.y), x.y != 0u);
}

// RSH for |x| < 2^61. Rounding adds the last bit that is lost. A left shift past 2^61 stops there,
// since every caller ends in a clamp far below.
fn rshWide(x: Wide, s: i32) -> Wide {
  let right = u32(clamp(s, 1, 63));
  let down = add(shiftRight(x, right), Wide(bitAt(x, right - 1u), 0u));
  let up = shiftLeft(x, u32(clamp(-s, 0, 61)));
  let limit = Wide(0u, 1u << 29u);
  let isFar = !isZero(x) && bitLengthWide(x) - s > 61;
  let left = select(up, select(limit, negate(limit), isNegative(x)), isFar);
  return select(select(down, Wide(0u, 0u), s > 62), left, s <= 0);
}

// RSH where the result is known to fit.
fn rsh(x: i32, s: i32) -> i32 {
  let right = u32(clamp(s, 1, 31));
  let down = (x >> right) + ((x >> (right - 1u)) & 1);
  return select(select(down, 0, s > 31), x << u32(clamp(-s, 0, 31)), s <= 0);
}

// RSH clamped to -limit..limit, for limits up to 2^30.
fn rshClamped(x: i32, s: i32, limit: i32) -> i32 {
  let isFar = x != 0 && s <= 0 && bitLength(x) - s > 31;
  return select(clamp(rsh(x, s), -limit, limit), select(limit, -limit, x < 0), isFar);
}

fn clampWide(a: Wide, limit: i32) -> i32 {
  let fits = a.y == u32(i32(a.x) >> 31u);
  return select(
    select(limit, -limit, isNegative(a)),
    clamp(i32(a.x), -limit, limit),
    fits,
  );
}

fn sat30(a: Wide) -> i32 {
  return clampWide(a, SAT30);
}

// Quotient of magnitudes for 1 <= b < 2^16, by limbs.
fn divideShort(a: Wide, b: u32) -> Wide {
  let high = a.y / b;
  let middle = ((a.y % b) << 16u) | (a.x >> 16u);
  let low = ((middle % b) << 16u) | (a.x & 0xffffu);
  return Wide(((middle / b) << 16u) + low / b, high);
}

// Quotient of magnitudes, bit by bit; b of 0 counts as 1.
fn divideUnsigned(a: Wide, b: Wide) -> Wide {
  let divisor = select(b, Wide(1u, 0u), isZero(b));
  var rest = a;
  var quotient = Wide(0u, 0u);
  for (var s = bitLengthWide(a) - bitLengthWide(divisor); s >= 0; s--) {
    let part = shiftLeft(divisor, u32(s));
    if (!lessUnsigned(rest, part)) {
      rest = subtract(rest, part);
      quotient = add(quotient, shiftLeft(Wide(1u, 0u), u32(s)));
    }
  }
  return quotient;
}

// Quotient toward zero.
fn divTrunc(a: Wide, b: Wide) -> Wide {
  let quotient = divideUnsigned(absolute(a), absolute(b));
  return select(quotient, negate(quotient), isNegative(a) != isNegative(b));
}

// Quotient rounded to nearest, halves away from zero, for b >= 1.
fn divRound(a: Wide, b: i32) -> Wide {
  let raised = add(absolute(a), Wide(u32(b) >> 1u, 0u));
  let quotient = divideUnsigned(raised, wide(b));
  return select(quotient, negate(quotient), isNegative(a));
}

// ISQRT of 32 bits, by Newton steps from above.
fn isqrt(x: u32) -> u32 {
  var root = 1u << ((u32(bitLengthUnsigned(x)) + 1u) >> 1u);
  var next = (root + x / root) >> 1u;
  while (next < root) {
    root = next;
    next = (root + x / root) >> 1u;
  }
  return select(root, 0u, x == 0u);
}

// ISQRT of 64 bits, one bit of the root after the other.
fn isqrtWide(x: Wide) -> u32 {
  var rest = x;
  var root = 0u;
  var squared = Wide(0u, 0u);
  for (var place = (bitLengthWide(x) + 1) / 2 - 1; place >= 0; place--) {
    // (root + bit)^2 = root^2 + 2 * root * bit + bit^2
    let s = u32(place);
    let grown = add(
      add(squared, shiftLeft(Wide(root, 0u), s + 1u)),
      shiftLeft(Wide(1u, 0u), 2u * s),
    );
    if (!lessUnsigned(rest, grown)) {
      squared = grown;
      root |= 1u << s;
    }
  }
  return root;
}

// 2^(-distance / 2^16) in Q30.
fn exp2n(distance: u32) -> i32 {
  let halvings = distance >> 16u;
  let entry = EXP2_AT + ((distance >> 8u) & 255u);
  let first = i32(arena[entry]);
  let between = ((first - i32(arena[entry + 1u])) * i32(distance & 255u)) >> 8u;
  return select((first - between) >> min(halvings, 31u), 0, halvings > 30u);
}

// log2(x) in Q16 for x >= 1.
fn log2Of(x: Wide) -> i32 {
  let whole = bitLengthWide(x) - 1;
  var mantissa = 0u;
  if (whole >= 24) {
    mantissa = shiftRight(x, u32(whole - 24)).x;
  } else {
    mantissa = x.x << u32(24 - whole);
  }
  let fraction = mantissa - 0x1000000u;
  let entry = LOG2_AT + (fraction >> 16u);
  let first = i32(arena[entry]);
  let between = (u32(i32(arena[entry + 1u]) - first) * (fraction & 0xffffu)) >> 16u;
  return (whole << 16u) + first + i32(between);
}

fn magnitudeOf(x: i32, e: i32) -> i32 {
  return select(bitLength(x) - e, NO_MAGNITUDE, x == 0);
}

fn magnitudeOfWide(x: Wide, e: i32) -> i32 {
  return select(bitLengthWide(x) - e, NO_MAGNITUDE, isZero(x));
}

// AQ of one value at a magnitude, in at most 16 bits.
fn quantise(x: i32, e: i32, magnitude: i32, bits: i32) -> i32 {
  let mantissa = rshClamped(x, magnitude + e - (bits - 1), (1 << u32(bits - 1)) - 1);
  return select(mantissa, 0, magnitude == NO_MAGNITUDE);
}

fn quantiseWide(x: Wide, e: i32, magnitude: i32, bits: i32) -> i32 {
  let shifted = rshWide(x, magnitude + e - (bits - 1));
  let mantissa = clampWide(shifted, (1 << u32(bits - 1)) - 1);
  return select(mantissa, 0, magnitude == NO_MAGNITUDE);
}

fn exponentOf(magnitude: i32, bits: i32) -> i32 {
  return select(bits - 1 - magnitude, ZERO_EXPONENT, magnitude == NO_MAGNITUDE);
}

// A scale of many bits cut to 15: c15 * 2^k.
struct ShortScale {
  c15: i32,
  k: i32,
}

fn shortScale(scale: Wide) -> ShortScale {
  let k = bitLengthWide(scale) - 15;
  return ShortScale(i32(rshWide(scale, k).x), k);
}

fn mix(word: u32) -> u32 {
  var x = (word ^ (word >> 16u)) * 0x7feb352du;
  x = (x ^ (x >> 15u)) * 0x846ca68bu;
  return x ^ (x >> 16u);
}

// The noise of spec/encoding.md section 8.
fn noise(low: u32, high: u32, site: u32, row: u32, column: u32) -> u32 {
  return mix(mix(mix(mix(mix(low) + high) + site) + row) + column);
}
