// Copies: rows of the embedding, caches, weights in their other order.

// Token of a row of [sequences, length]; an id outside the vocabulary is 0.
fn tokenAt(row: i32, length: i32, vocabulary: i32, ahead: i32) -> i32 {
  let sequence = row / length;
  let token = at(0u, sequence, row - sequence * length + ahead);
  return select(0, token, token >= 0 && token < vocabulary);
}

fn embedded(row: i32, column: i32) -> i32 {
  return at(1u, tokenAt(row, param(0), rows(1u), 0), column);
}

fn appended(row: i32, column: i32) -> i32 {
  let length = param(0) + param(1);
  let block = row / length;
  let position = row - block * length;
  if (position < param(0)) {
    return at(0u, block * param(0) + position, column);
  }
  return at(1u, block * param(1) + position - param(0), column);
}

// An output may be its own input: an invocation reads the word that it writes, and no other.
fn cached(row: i32, column: i32) -> i32 {
  let head = row / param(0);
  let sequence = row / (rows(0u) / rows(2u));
  let fresh = row - head * param(0) - at(2u, sequence, 0);
  if (fresh >= 0 && fresh < param(1)) {
    return at(1u, head * param(1) + fresh, column);
  }
  return at(0u, row, column);
}

fn transposed(row: i32, column: i32) -> i32 {
  return at(0u, column, row);
}
