// A product over the whole depth at once.

fn chunkBegin(chunk: i32) -> i32 {
  return 0;
}

fn chunkEnd(chunk: i32, depth: i32) -> i32 {
  return depth;
}

fn outputColumn(n: i32, chunk: i32, depth: i32) -> i32 {
  return n;
}
