/** Rows by index: the kinds `embed` and `cache.append`. Parts are output rows. */
import { loadElement } from "./quantise";

/**
 * Token of a row of [sequences * length], `ahead` positions further; an id outside the vocabulary
 * reads as 0. `tokens` is i32 [sequences, stride].
 */
export function tokenAt(
  tokens: usize,
  stride: i32,
  row: i32,
  length: i32,
  vocabulary: i32,
  ahead: i32,
): i32 {
  const sequence = row / length;
  const at = sequence * stride + (row - sequence * length) + ahead;
  const token = load<i32>(tokens + ((<usize>at) << 2));
  return token >= 0 && token < vocabulary ? token : 0;
}

/** Kind `embed`: x i32 [rows, columns] from `table` [vocabulary, columns] of any format. */
export function embedRows(
  tokens: usize,
  stride: i32,
  length: i32,
  table: usize,
  dtype: i32,
  vocabulary: i32,
  columns: i32,
  x: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  for (let row = from; row < to; row++) {
    const token = tokenAt(tokens, stride, row, length, vocabulary, 0);
    const source = <usize>token * <usize>columns;
    const target = x + ((<usize>row * <usize>columns) << 2);
    for (let j: usize = 0; j < <usize>columns; j++) {
      store<i32>(target + (j << 2), <i32>loadElement(table, source + j, dtype));
    }
  }
}

/** Kind `cache.append`: rows of `rowBytes` bytes, `past` of each block before `next`. */
export function appendRows(
  past: usize,
  next: usize,
  pastLength: i32,
  nextLength: i32,
  rowBytes: i32,
  all: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  const length = pastLength + nextLength;
  for (let row = from; row < to; row++) {
    const block = row / length;
    const position = row - block * length;
    const isPast = position < pastLength;
    const index = isPast
      ? block * pastLength + position
      : block * nextLength + position - pastLength;
    const source = (isPast ? past : next) + <usize>index * <usize>rowBytes;
    memory.copy(all + <usize>row * <usize>rowBytes, source, rowBytes);
  }
}
