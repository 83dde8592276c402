/** One tile of a tensor as the last move shows it: its bytes, proven in its tensor, and the tensor in the list that both parties agree about. */
import { type Program, tileBytes, treeOfTensor } from "@r3mes/engine";
import { type Hash, proveSlot, type Sha256 } from "@r3mes/protocol";
import type { TileInput } from "./moves.ts";
import { proveItem, treeOfSlots } from "./postTrace.ts";

export interface ListedTensor {
  /** Number in the program. */
  readonly id: number;
  readonly bytes: Uint8Array;
  /** Place in the list, and the roots of all of it. */
  readonly place: number;
  readonly roots: readonly Hash[];
}

export function tileInput(
  program: Program,
  { id, bytes, place, roots }: ListedTensor,
  tile: number,
  hash?: Sha256,
): TileInput {
  return {
    slot: 0,
    first: tile,
    count: 1,
    stride: 1,
    payload: tileBytes(program.tensors[id]!, bytes, tile),
    siblings: proveSlot(treeOfTensor(program, id, bytes, hash), tile),
    tensor: proveItem(treeOfSlots(roots, hash), place),
  };
}
