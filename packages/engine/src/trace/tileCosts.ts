/**
 * What it costs to execute one tile alone: bytes of its inputs, hashes of their proofs, multiply-adds. A program is refused
 * for training if any tile exceeds what a referee may be given (spec/step-program.md section 5).
 */
import { hashBytes, LIMITS, R3mesError, treeDepth } from "@r3mes/protocol";
import { shapesOf, type View } from "../ops/kind.ts";
import { KINDS } from "../ops/kinds.ts";
import type { Program } from "../program/program.ts";
import { type ProgramRecord, recordsOf } from "../program/records.ts";
import { blockBytes } from "../tensor/storage.ts";
import { gridOf, tileRegion } from "../tensor/tiles.ts";
import { type ClosureInput, closureOf } from "./closureOf.ts";

export interface TileCost {
  /** Position in `recordsOf`. */
  readonly record: number;
  readonly operation: string;
  readonly kind: string;
  readonly tile: number;
  readonly inputBytes: number;
  readonly proofBytes: number;
  readonly multiplyAdds: number;
}

/** The most expensive of the tiles looked at, for each record: first, middle and last of the grid in both directions. */
export function tileCosts(program: Program): readonly TileCost[] {
  const records = recordsOf(program);
  const pathLength = treeDepth(records.length);
  const known = new Map<string, TileCost>();
  return records.map((record, position) => {
    const shape = shapeOf(program, record);
    const worst = known.get(shape) ?? worstTile(program, record, pathLength);
    known.set(shape, worst);
    return { ...worst, record: position, operation: record.operation.name };
  });
}

/** Equal for records that differ only in which tensors they name: the layers of a model. */
function shapeOf(program: Program, { operation, output, tensor }: ProgramRecord): string {
  const sizes = [tensor, ...operation.inputs].map((id) => {
    const found = program.tensors[id];
    return found === undefined
      ? "-"
      : [found.dtype, found.rows, found.columns, found.tile.rows, found.tile.columns];
  });
  return JSON.stringify([operation.kind, output, operation.params, sizes]);
}

function worstTile(program: Program, record: ProgramRecord, pathLength: number): TileCost {
  const costs = sampleTiles(program, record).map((tile) =>
    costOf(program, record, tile, pathLength),
  );
  return costs.reduce((worst, cost) => (total(cost) > total(worst) ? cost : worst));
}

const total = (cost: TileCost) => cost.inputBytes + cost.proofBytes;

/** Throws PROGRAM_TILE_TOO_LARGE if a tile of the program cannot be executed alone. */
export function checkTiles(program: Program): void {
  for (const cost of tileCosts(program)) {
    if (total(cost) <= LIMITS.tileInputBytesMax && cost.multiplyAdds <= LIMITS.tileMultiplyAddsMax)
      continue;
    throw new R3mesError({
      code: "PROGRAM_TILE_TOO_LARGE",
      operation: cost.operation,
      bytes: total(cost),
      bytesMax: LIMITS.tileInputBytesMax,
      multiplyAdds: cost.multiplyAdds,
      multiplyAddsMax: LIMITS.tileMultiplyAddsMax,
    });
  }
}

function sampleTiles(program: Program, record: ProgramRecord): number[] {
  const grid = gridOf(program.tensors[record.tensor]!);
  const spread = (n: number) =>
    [...new Set([0, (n >> 1) | 1, n >> 1, n - 2, n - 1])].filter((i) => i >= 0 && i < n);
  return spread(grid.rows).flatMap((row) =>
    spread(grid.columns).map((column) => row * 2 ** grid.columnBits + column),
  );
}

/** Tokens far apart, so that no two gathered leaves share a proof. */
function scatteredTokens(vocabulary: number): View {
  const at = (_: number, column: number) => (column * 7919 + 13) % vocabulary;
  return { at, wide: (row, column) => BigInt(at(row, column)) };
}

/** Rows of the largest table that tokens select from. */
function vocabularyOf(program: Program): number {
  const tables = program.operations.filter((operation) => operation.kind === "embed");
  return Math.max(1, ...tables.map((operation) => program.tensors[operation.inputs[1]!]!.rows));
}

function costOf(
  program: Program,
  record: ProgramRecord,
  tile: number,
  pathLength: number,
): TileCost {
  const { operation, output } = record;
  const kind = KINDS.get(operation.kind)!;
  const tokens = scatteredTokens(vocabularyOf(program));
  const inputs = closureOf(program, record, tile, () => tokens);
  const region = tileRegion(program.tensors[record.tensor]!, tile);
  const cost =
    output === 0 ? (kind.cost?.({ ...shapesOf(program, operation, kind), region }) ?? 0) : 0;
  return {
    record: -1,
    operation: operation.name,
    kind: operation.kind,
    tile,
    inputBytes: inputs.reduce((sum, input) => sum + leafBytes(program, input), 0),
    proofBytes:
      inputs.reduce((sum, input) => sum + proofHashes(program, input) + pathLength, 0) * hashBytes,
    multiplyAdds: cost,
  };
}

function leafBytes(program: Program, { tensor, tiles }: ClosureInput): number {
  const { dtype, tile } = program.tensors[tensor]!;
  return tiles.length * blockBytes(dtype, tile.rows, tile.columns);
}

/** Hashes of a multiproof: siblings that are not among the slots, level by level. */
function proofHashes(program: Program, { tensor, tiles }: ClosureInput): number {
  const { depth } = gridOf(program.tensors[tensor]!);
  let known: readonly number[] = tiles;
  let hashes = 0;
  for (let height = 0; height < depth; height++) {
    const slots = new Set(known);
    hashes += known.filter((slot) => !slots.has(slot % 2 === 0 ? slot + 1 : slot - 1)).length;
    known = [...new Set(known.map((slot) => Math.floor(slot / 2)))];
  }
  return hashes;
}
