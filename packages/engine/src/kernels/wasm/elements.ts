/** One element of a tensor by its number: i16 as all scalars of rows are, or i32. */

export function scalar(base: usize, index: i32): i32 {
  return <i32>load<i16>(base + ((<usize>index) << 1));
}

export function integer(base: usize, index: i32): i32 {
  return load<i32>(base + ((<usize>index) << 2));
}
