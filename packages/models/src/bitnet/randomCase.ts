/**
 * Random programs for comparing devices: shape, adapter, batch and every input follow from one number, so that a difference found
 * anywhere is replayed anywhere. Inputs keep to their formats and visit the ends of them. Proves nothing about learning.
 */
import { type Program, packBlock, stepConstants, type Tensor } from "@r3mes/engine";
import { noise } from "@r3mes/protocol";
import { type AdapterShape, type BitnetShape, LINEARS } from "./bitnetShape.ts";
import { buildDecodeProgram, buildForwardProgram, buildTrainingProgram } from "./buildBitnet.ts";
import { ropeTable } from "./ropeTable.ts";

export interface RandomCase {
  readonly name: string;
  readonly program: Program;
  /** Storage bytes of every weight, state, input and constant. */
  readonly inputs: ReadonlyMap<string, Uint8Array>;
}

/** A whole number from 0 up to but without n, another with each call. */
type Draw = (n: number) => number;
type Fill = (row: number, column: number) => number | bigint;

/** @param seed 0 to 2^32 - 1 */
export function randomCase(seed: number): RandomCase {
  let drawn = 0;
  const draw: Draw = (n) => noise(seed, 0, 0, drawn++, 0) % n;
  const length = 1 + draw(20);
  const shape = drawShape(draw, length);
  const program = drawProgram(draw, shape, length);
  const inputs = new Map(
    program.tensors
      .filter(({ role }) => role !== "intermediate")
      .map((tensor, i) => [
        tensor.name,
        bytesOf(tensor, { draw, shape, length, seed, site: 1 + i }),
      ]),
  );
  return { name: `random program ${seed}: ${program.name}`, program, inputs };
}

function drawShape(draw: Draw, length: number): BitnetShape {
  const kvHeads = 1 + draw(2);
  return {
    hidden: 32 * (1 + draw(2)),
    layers: 1 + draw(2),
    heads: kvHeads * (1 + draw(3)),
    kvHeads,
    headSize: 16 * (1 + draw(2)),
    ffn: 32 * (1 + draw(3)),
    vocabulary: 1 + draw(70),
    context: length + draw(9),
    ...(draw(2) === 0 ? {} : { normEpsilon: 1 + draw(2 ** 31 - 1) }),
  };
}

function drawProgram(draw: Draw, shape: BitnetShape, length: number): Program {
  const rank = 4 << draw(3);
  const targets = LINEARS.filter(() => draw(4) > 0);
  const adapter: AdapterShape = { rank, alpha: (rank >> 1) << draw(3), targets };
  const sequences = 1 + draw(2);
  const mode = draw(8);
  if (mode === 0) return buildDecodeProgram(shape, { length, adapter });
  if (mode === 1) return buildForwardProgram(shape, { sequences, length, adapter, withLoss: true });
  const optimizer = draw(3) === 0 ? "lion" : "adam";
  return buildTrainingProgram(shape, { sequences, length, adapter, optimizer });
}

interface Source {
  readonly draw: Draw;
  readonly shape: BitnetShape;
  readonly length: number;
  readonly seed: number;
  /** Where the tensor's own noise begins. */
  readonly site: number;
}

function bytesOf(tensor: Tensor, source: Source): Uint8Array {
  const { draw, shape, length, seed } = source;
  const { name, dtype, rows, columns } = tensor;
  if (name === "rope") return ropeTable({ base: 10_000, size: columns, positions: rows });
  if (name === "step") {
    return stepConstants({
      seed: { low: seed, high: draw(2 ** 31) },
      t: 1 + draw(2_000),
      learningRate: draw(2 ** 19 + 1),
      decay: draw(2 ** 22 + 1),
    });
  }
  if (name === "position") return packBlock(dtype, 1, 1, () => draw(shape.context - length + 1));
  if (tensor.transposeOf !== undefined) return new Uint8Array();
  return packBlock(dtype, rows, columns, fillOf(tensor, source));
}

/** Ordinary noise, or one of the patterns on which a kernel that is right on noise can be wrong. */
function fillOf({ name, dtype }: Tensor, { draw, shape, seed, site }: Source): Fill {
  const word = (row: number, column: number) => noise(seed, 0, site, row, column);
  const below =
    (n: number): Fill =>
    (row, column) =>
      word(row, column) % n;
  const signed = (bits: number) => (row: number, column: number) =>
    word(row, column) >> (32 - bits);
  const exponent = (row: number, column: number) => (word(row, column) % 30) - 23;
  if (name === "tokens") return below(shape.vocabulary);
  if (name.endsWith(".scale")) return (_, column) => (column === 0 ? draw(32_768) : draw(25));
  if (name === "head.exponent") return () => 12 + draw(16);
  if (name === "head.rowScale") return patterned(draw, below(32_768), [0, 16_384, 32_767]);
  if (name.endsWith(".w")) {
    return patterned(draw, (row, column) => (word(row, column) % 3) - 1, [-1, 0, 1]);
  }
  if (dtype === "i64") return patterned(draw, (r, c) => BigInt(word(r, c)) << 28n, [0n, 2n ** 60n]);
  // The working copy of a factor and its magnitude, of 30 bits in Q24 at most: what the operations that make them can give.
  if (name.endsWith(".copy"))
    return patterned(draw, (r, c) => Math.max(-2_047, signed(12)(r, c)), [-2_047, 0, 2_047]);
  if (name.endsWith(".magnitude")) return patterned(draw, exponent, [-16_384, -23, 6]);
  if (name.endsWith("cache.e")) return patterned(draw, signed(5), [-16, 15]);
  if (dtype === "i8") {
    const code: Fill = (row, column) => Math.max(-127, signed(8)(row, column));
    return patterned(draw, code, name === "head.e8" ? [-128, 0, 127] : [-127, 0, 127]);
  }
  if (dtype === "i16") return patterned(draw, signed(16), [-32_768, 0, 4_096, 32_767]);
  return patterned(draw, signed(1 + draw(30)), [-(2 ** 30), -1, 0, 1, 2 ** 30]);
}

/** Noise, one value everywhere, or rows of noise and of each value in turn. */
function patterned(draw: Draw, plain: Fill, ends: readonly (number | bigint)[]): Fill {
  const kind = draw(4);
  if (kind < 2) return plain;
  const chosen = ends[draw(ends.length)]!;
  if (kind === 2) return () => chosen;
  return (row, column) => (row % 2 === 0 ? plain(row, column) : ends[(row >> 1) % ends.length]!);
}
