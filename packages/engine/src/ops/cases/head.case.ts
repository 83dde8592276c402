/** Embedding, scores, loss and the gradient of the last hidden rows. */
import {
  all,
  alternate,
  type Case,
  codes,
  type Fill,
  type OperationCase,
  operationCase,
  random,
  rows,
} from "./operationCase.ts";

interface HeadFill {
  readonly f8: Fill;
  readonly e8: Fill;
  readonly rowScale: Fill;
  readonly exponent: number;
  readonly m: Fill;
}

const [SEQUENCES, LENGTH, VOCABULARY, HIDDEN] = [2, 8, 96, 64];

function addScores(c: Case, fill: HeadFill) {
  const count = SEQUENCES * LENGTH;
  const ids: Fill = (row, column) => (row * 41 + column * 17) % VOCABULARY;
  const tokens = c.input("tokens", "i32", SEQUENCES, LENGTH + 1, ids);
  const table = c.input("table", "i32", VOCABULARY, HIDDEN, random(20, 9), "weight");
  c.one("embed", "x", { tokens, table }, { length: LENGTH });
  const f8 = c.input("f8", "i8", count, HIDDEN, fill.f8);
  const m = c.input("m", "i32", count, 1, fill.m);
  const e8 = c.input("e8", "i8", VOCABULARY, HIDDEN, fill.e8, "weight");
  const rowScale = c.input("rowScale", "i16", VOCABULARY, 1, fill.rowScale, "weight");
  const exponent = c.input("exponent", "i32", 1, 1, all(fill.exponent), "weight");
  const score = c.one("head.score", "score", { f8, e8, rowScale, exponent, m });
  const over = { chunkRows: 1, chunkColumns: VOCABULARY };
  const max = c.one("reduce.max", "max", { x: score }, over);
  const part = c.one("head.sum", "sum.part", { score, max }, { chunk: 40 });
  const sum = c.one("reduce.sum", "sum", { x: part }, { chunkRows: 1, chunkColumns: 3, wide: 1 });
  const loss = c.one("head.loss", "loss", { tokens, score, max, sum }, { length: LENGTH });
  c.one("reduce.sum", "total", { x: loss }, { chunkRows: count, chunkColumns: 1, wide: 1 });
  return { logits: { tokens, score, max, sum, rowScale }, e8, exponent };
}

function addHeadFamily(c: Case, fill: HeadFill): void {
  const { logits, e8, exponent } = addScores(c, fill);
  const { tokens } = logits;
  const e8t = c.builder.declare({
    name: "e8t",
    dtype: "i8",
    rows: HIDDEN,
    columns: VOCABULARY,
    tile: { rows: 32, columns: 32 },
    role: "weight",
    transposeOf: e8,
  });
  const step = c.input("step", "i32", 1, 8, random(32, 12), "constant");
  const params = { length: LENGTH };
  const part = c.one("dlogits.magnitude", "dm.part", logits, { ...params, chunk: 50 });
  const magnitude = c.one("reduce.max", "dm", { x: part }, { chunkRows: 1, chunkColumns: 2 });
  const dl8 = c.one("dlogits", "dl8", { ...logits, magnitude, step }, params);
  const target = c.one("dlogits.target", "target", { ...logits, magnitude, step }, params);
  const acc = c.one("gemm", "acc", { a: dl8, b: e8t }, { chunk: 64, bits: 8 });
  c.builder.add("head.backward", "dx", { tokens, acc, target, e8, exponent, magnitude }, params);
}

/** Scores alone, of as many rows as texts are decoded together; their last columns fill no vector. */
function fewRowsCase(count: number): OperationCase {
  return operationCase(`head: ${count} rows`, (c) => {
    const hidden = 96;
    const f8 = c.input("f8", "i8", count, hidden, codes(3));
    const e8 = c.input("e8", "i8", VOCABULARY, hidden, codes(4), "weight");
    const rowScale = c.input("rowScale", "i16", VOCABULARY, 1, all(20000), "weight");
    const exponent = c.input("exponent", "i32", 1, 1, all(22), "weight");
    const m = c.input("m", "i32", count, 1, (row) => 9000 + row);
    c.one("head.score", "score", { f8, e8, rowScale, exponent, m });
  });
}

export function headCases(): OperationCase[] {
  const ordinary: HeadFill = {
    f8: codes(1),
    e8: codes(2),
    rowScale: (row) => 16384 + row * 100,
    exponent: 22,
    m: all(9000),
  };
  const saturating: HeadFill = {
    f8: all(-128),
    e8: alternate(-128, 127),
    rowScale: all(32767),
    exponent: 4,
    m: all(2 ** 23),
  };
  const fills: readonly (readonly [string, HeadFill])[] = [
    ["random", ordinary],
    ["one certain token", { ...ordinary, exponent: 15, m: all(2 ** 22) }],
    ["all equal", { ...ordinary, f8: all(0), rowScale: all(32767) }],
    ["scores that saturate", saturating],
    ["rows of scale zero", { ...ordinary, rowScale: rows(all(0), all(20000)) }],
  ];
  return [
    ...fills.map(([label, fill]) => operationCase(`head: ${label}`, (c) => addHeadFamily(c, fill))),
    ...[1, 2, 3, 6, 7, 8].map(fewRowsCase),
  ];
}
