// One pair at a time, for shapes whose rows tiles do not divide. It follows byQuery.wgsl or byKey.wgsl.

fn alone(row: i32, column: i32) -> Pair {
  let l = leftRowOf(row);
  let r = rightRowOf(row, column);
  var gradient = 0;
  if (hasGradient()) {
    gradient = dotRows(LEFT_GRADIENT, l, RIGHT_GRADIENT, r, columns(LEFT_GRADIENT));
  }
  return pairOf(row, column, dotRows(LEFT, l, RIGHT, r, columns(LEFT)), gradient);
}

fn weightAlone(row: i32, column: i32) -> i32 {
  let span = spanOfTile(row, row);
  var weight = 0;
  if (column >= span.x && column < span.y) {
    weight = pairTerm(alone(row, column));
  }
  return weight;
}

// Columns of a chunk that are seen.
fn spanAlone(row: i32, chunk: i32) -> vec2<i32> {
  let span = spanOfTile(row, row);
  let size = chunkSize();
  return vec2<i32>(max(span.x, chunk * size), min(span.y, (chunk + 1) * size));
}

fn termAlone(row: i32, chunk: i32, i: i32) -> i32 {
  return pairTerm(alone(row, i));
}

fn wideAlone(row: i32, chunk: i32, i: i32) -> Wide {
  return wide(pairTerm(alone(row, i)));
}
