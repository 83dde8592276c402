/** A tile with all that it is computed from, in the form of `spec/vectors/arithmetic/tiles.json`. */
import type { LeafRange } from "./refereeRequest.ts";

export interface TileVector {
  readonly name: string;
  /** All bytes are hex. */
  readonly record: string;
  readonly tile: number;
  /** The constants of the step, empty where the record reads none. */
  readonly constants: string;
  readonly inputs: readonly (LeafRange & { readonly bytes: string })[];
  /** The storage form of the tile. */
  readonly bytes: string;
}
