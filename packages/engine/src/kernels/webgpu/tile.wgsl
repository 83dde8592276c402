// A tile of 32 rows by 64 columns that 128 invocations compute, 4 by 4 each, from rows staged in workgroup memory as
// vectors: of 16 int8 elements, or of 4 integers.

const LANES = 128u;
const TILE_ROWS = 32u;
const TILE_COLUMNS = 64u;
// Vectors that are staged of each row at once.
const STAGE = 4u;
// From one vector of a left row to its next; one more than the rows, so that lanes write to different banks.
const LEFT_STRIDE = 33u;

var<workgroup> left: array<vec4<u32>, 132>;
var<workgroup> right: array<vec4<u32>, 256>;

// What an invocation computes: rows of its own at r = 0 to 3, columns at c = 0 to 3.
alias Sums = array<vec4<i32>, 4>;

fn ownRow(lane: u32, r: u32) -> i32 {
  return i32((lane >> 4u) + 8u * r);
}

fn ownColumn(lane: u32, c: u32) -> i32 {
  return i32(4u * (lane & 15u) + c);
}

// The tile's row and the vector of it that an invocation stages on the left.
fn leftRow(lane: u32) -> i32 {
  return i32(lane / STAGE);
}

fn leftVector(lane: u32) -> i32 {
  return i32(lane % STAGE);
}

fn stageLeft(lane: u32, vector: vec4<u32>) {
  left[(lane % STAGE) * LEFT_STRIDE + lane / STAGE] = vector;
}

// The tile's column and the vector of it that stand in place i on the right: columns of one invocation are 16 apart,
// so that invocations read side by side.
fn rightColumn(i: u32) -> i32 {
  return i32(4u * (i & 15u) + ((i >> 4u) & 3u));
}

fn rightPart(i: u32) -> i32 {
  return i32(i / TILE_COLUMNS);
}

fn dot16(a: vec4<u32>, b: vec4<u32>) -> i32 {
  return dot4(a.x, b.x) + dot4(a.y, b.y) + dot4(a.z, b.z) + dot4(a.w, b.w);
}

fn dots16(
  own: vec4<u32>,
  first: vec4<u32>,
  second: vec4<u32>,
  third: vec4<u32>,
  fourth: vec4<u32>,
) -> vec4<i32> {
  return vec4<i32>(dot16(own, first), dot16(own, second), dot16(own, third), dot16(own, fourth));
}

fn dots(
  own: vec4<i32>,
  first: vec4<i32>,
  second: vec4<i32>,
  third: vec4<i32>,
  fourth: vec4<i32>,
) -> vec4<i32> {
  return vec4<i32>(dot(own, first), dot(own, second), dot(own, third), dot(own, fourth));
}

// Sums of products of what is staged, as int8. The four rows are written out: a loop over them would keep the sums in
// memory, where indices reach, and not in registers.
fn addProducts(lane: u32, sums: ptr<function, Sums>) {
  for (var part = 0u; part < STAGE; part++) {
    let start = part * TILE_COLUMNS + (lane & 15u);
    let first = right[start];
    let second = right[start + 16u];
    let third = right[start + 32u];
    let fourth = right[start + 48u];
    let own = part * LEFT_STRIDE + u32(ownRow(lane, 0u));
    (*sums)[0] += dots16(left[own], first, second, third, fourth);
    (*sums)[1] += dots16(left[own + 8u], first, second, third, fourth);
    (*sums)[2] += dots16(left[own + 16u], first, second, third, fourth);
    (*sums)[3] += dots16(left[own + 24u], first, second, third, fourth);
  }
}

// The same of what is staged as integers.
fn addWhole(lane: u32, sums: ptr<function, Sums>) {
  for (var part = 0u; part < STAGE; part++) {
    let start = part * TILE_COLUMNS + (lane & 15u);
    let first = vec4<i32>(right[start]);
    let second = vec4<i32>(right[start + 16u]);
    let third = vec4<i32>(right[start + 32u]);
    let fourth = vec4<i32>(right[start + 48u]);
    let own = part * LEFT_STRIDE + u32(ownRow(lane, 0u));
    (*sums)[0] += dots(vec4<i32>(left[own]), first, second, third, fourth);
    (*sums)[1] += dots(vec4<i32>(left[own + 8u]), first, second, third, fourth);
    (*sums)[2] += dots(vec4<i32>(left[own + 16u]), first, second, third, fourth);
    (*sums)[3] += dots(vec4<i32>(left[own + 24u]), first, second, third, fourth);
  }
}

// Sixteen int8 elements of a row from `column` on, zeros beyond `end`.
fn vectorAt(slot: u32, row: i32, column: i32, end: i32) -> vec4<u32> {
  return vec4<u32>(
    bytesAt(slot, row, column, end),
    bytesAt(slot, row, column + 4, end),
    bytesAt(slot, row, column + 8, end),
    bytesAt(slot, row, column + 12, end),
  );
}
