/**
 * An opening: everything one output tile needs, each tile with its Merkle proof, so that somebody who knows only roots can
 * execute it. The prover makes it from the bytes of the inputs; the verifier checks it against roots that it holds.
 */
import { proveSlots, R3mesError, type Sha256, verifyTiles } from "@r3mes/protocol";
import type { View } from "../ops/kind.ts";
import type { Program } from "../program/program.ts";
import { type ProgramRecord, recordsOf } from "../program/records.ts";
import { layoutOf } from "../tensor/layout.ts";
import { fromStorage } from "../tensor/storage.ts";
import { tileBytes } from "../tensor/tiles.ts";
import { type ClosureInput, closureOf } from "./closureOf.ts";
import { executeTile } from "./executeTile.ts";
import { treeOfTensor } from "./treeOfTensor.ts";

export interface OpenedInput {
  readonly slot: number;
  readonly tensor: number;
  readonly indices: readonly number[];
  readonly tiles: readonly Uint8Array[];
  readonly siblings: readonly Uint8Array[];
}

export interface TileOpening {
  /** Position in `recordsOf`. */
  readonly record: number;
  readonly tile: number;
  readonly inputs: readonly OpenedInput[];
}

/** Storage bytes of a tensor as the step's records read it: state as it was before the step. */
export type TensorBytes = (tensor: number) => Uint8Array;

/** The root of a tensor as the verifier knows it: from the backbone, the state before, the lease, or the agreed trace. */
export type TensorRoots = (tensor: number) => Uint8Array;

/** The tiles of a closure, cut out of their tensors. */
export function gatherTiles(
  program: Program,
  record: ProgramRecord,
  tile: number,
  bytesOf: TensorBytes,
): readonly (ClosureInput & { readonly bytes: readonly Uint8Array[] })[] {
  const peek = ({ tensor }: ClosureInput): View =>
    fromStorage(program.tensors[tensor]!, bytesOf(tensor));
  return closureOf(program, record, tile, peek).map((input) => {
    const bytes = bytesOf(input.tensor);
    const tensor = program.tensors[input.tensor]!;
    return { ...input, bytes: input.tiles.map((index) => tileBytes(tensor, bytes, index)) };
  });
}

/** Opens one tile. The proof of each input is a multiproof in the tensor's own tree. */
export function openTile(
  program: Program,
  position: { readonly record: number; readonly tile: number },
  bytesOf: TensorBytes,
  hash?: Sha256,
): TileOpening {
  const record = recordAt(program, position.record);
  const inputs = gatherTiles(program, record, position.tile, bytesOf).map(
    ({ slot, tensor, tiles, bytes }) => {
      const tree = treeOfTensor(program, tensor, bytesOf(tensor), hash);
      return { slot, tensor, indices: tiles, tiles: bytes, siblings: proveSlots(tree, tiles) };
    },
  );
  return { ...position, inputs };
}

/**
 * Checks every proof of an opening and computes its tile.
 *
 * @throws MERKLE_... if a proof fails, TILE_INPUT_INVALID unless the inputs are those of the closure
 */
export function executeOpening(
  program: Program,
  opening: TileOpening,
  roots: TensorRoots,
  hash?: Sha256,
): Uint8Array {
  const record = recordAt(program, opening.record);
  for (const { slot, tensor, indices, tiles, siblings } of opening.inputs) {
    if (record.operation.inputs[slot] !== tensor) {
      throw new R3mesError({ code: "TILE_INPUT_INVALID", operation: record.operation.name, slot });
    }
    verifyTiles(
      { ...layoutOf(program, tensor), root: roots(tensor) },
      { indices, bytes: tiles, siblings },
      hash,
    );
  }
  const inputs = opening.inputs.map(({ slot, indices, tiles }) => ({
    slot,
    indices,
    tiles,
  }));
  return executeTile(program, record, opening.tile, inputs);
}

function recordAt(program: Program, position: number) {
  const record = recordsOf(program)[position];
  if (record === undefined)
    throw new R3mesError({ code: "TRACE_POSITION_INVALID", record: position });
  return record;
}
