/**
 * Causal attention from heads to context, block by block, with the scores and weights of a block computed once.
 * The numbers are those of attention.ts, which defines them one operation at a time.
 */
import { BLOCK, balancedBlock, headProduct } from "./attentionBlocks";
import { contextBlock } from "./attentionContext";
import { exponentialRow, scoreRow, weightRow } from "./attentionRows";
import { scalar } from "./elements";
import { spread, spreadPowers, top } from "./powers";
import { LEFT_OFFSET, PANEL_OFFSET } from "./scratch";

/**
 * From heads to context: the kinds `attention.max`, `.sum`, `.weights` and `.context` with their
 * reductions. Parts are blocks of 32 query rows of a head. `rowMax` and `rowSum` may be 0.
 */
export function attentionForward(
  q8: usize,
  qe: usize,
  k8: usize,
  ke: usize,
  v: usize,
  ve: usize,
  prefix: usize,
  rowMax: usize,
  rowSum: usize,
  heads: i32,
  group: i32,
  queries: i32,
  keys: i32,
  size: i32,
  scale: i32,
  table: usize,
  out: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const stride = (keys + 31) & ~31;
  const left = scratch + LEFT_OFFSET;
  const powers = left + ((<usize>(BLOCK * size + 64)) << 1);
  const scores = powers + ((<usize>stride) << 2);
  const valuePowers = scores + ((<usize>(BLOCK * stride)) << 2);
  const weights = valuePowers + ((<usize>stride) << 2);
  const sums = weights + ((<usize>(BLOCK * stride)) << 1);
  const blocks = (queries + BLOCK - 1) / BLOCK;
  for (let unit = from; unit < to; unit++) {
    const head = unit / blocks;
    const i0 = balancedBlock(unit - head * blocks, blocks) * BLOCK;
    const height = min(BLOCK, queries - i0);
    const sequence = head / heads;
    const inSequence = head - sequence * heads;
    const first = (sequence * (heads / group) + inSequence / group) * keys;
    const width = min(keys, i0 + height + keys - queries);
    const row0 = head * queries + i0;
    const keyExponents = ke + ((<usize>first) << 1);
    const valueExponents = ve + ((<usize>first) << 1);
    const keyRows = k8 + <usize>first * <usize>size;
    const panel = scratch + PANEL_OFFSET;
    const rows = q8 + <usize>row0 * <usize>size;
    headProduct(rows, keyRows, size, scores, stride, height, width, scratch);
    spreadPowers(valueExponents, width, valuePowers);
    const veTop = top;
    const veSpread = spread;
    spreadPowers(keyExponents, width, powers);
    const keTop = top;
    const keSpread = spread;
    for (let i = 0; i < height; i++) {
      const row = scores + ((<usize>(i * stride)) << 2);
      const count = i0 + i + keys - queries + 1;
      const own = scalar(qe, row0 + i);
      const best = scoreRow(row, count, scale, own, keyExponents, powers, keTop, keSpread);
      const sum = exponentialRow(row, count, best, table);
      const align = scalar(prefix, first + count - 1);
      const target = weights + ((<usize>(i * stride)) << 1);
      weightRow(row, count, width, align, valueExponents, valuePowers, veTop, veSpread, target);
      const at = (<usize>(row0 + i)) << 2;
      if (rowMax !== 0) store<i32>(rowMax + at, best);
      if (rowSum !== 0) store<u32>(rowSum + at, sum);
      // The row's scores are spent; its first words carry what the last step needs.
      store<u32>(row, sum);
      store<i32>(row, align, 4);
    }
    const target = out + (tokenAddress(sequence * queries + i0, heads, inSequence, size) << 2);
    const valueRows = v + ((<usize>first * <usize>size) << 1);
    contextBlock(
      weights,
      stride,
      valueRows,
      width,
      height,
      size,
      sums,
      scores,
      panel,
      target,
      heads,
    );
  }
}

/** Element of a per-token tensor where a head's slice begins. */
function tokenAddress(token: i32, heads: i32, head: i32, size: i32): usize {
  return <usize>token * <usize>(heads * size) + <usize>(head * size);
}
