/** Adapters in memory, up to so many bytes: the one that was unused for longest goes first. */
import type { AdapterShape } from "@r3mes/models";
import type { FactorCopies } from "./copyFactors.ts";

export interface HeldAdapter {
  readonly shape: AdapterShape;
  readonly copies: FactorCopies;
}

export interface AdapterShelf {
  /** Loads it if it is not there. Whoever asks for the same one meanwhile gets the same load. */
  get(id: string): Promise<HeldAdapter>;
  /** If it is there, which is a use of it. */
  find(id: string): HeldAdapter | undefined;
  /** Oldest use first. */
  readonly held: () => readonly string[];
  /** Whether these are of an adapter that is here: a later load of the same one has copies of its own. */
  readonly isHeld: (copies: FactorCopies) => boolean;
}

export interface AdapterShelfDeps {
  /** Rejects if there is no such adapter, or it is not what its name says. */
  readonly load: (id: string) => Promise<HeldAdapter>;
}

export function createAdapterShelf(
  options: { readonly bytesMax: number },
  { load }: AdapterShelfDeps,
): AdapterShelf {
  const loads = new Map<string, Promise<HeldAdapter>>();
  /** What is here of those that are loaded. */
  const here = new Map<string, { readonly adapter: HeldAdapter; readonly bytes: number }>();

  function makeRoom(newest: string): void {
    let total = [...here.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const id of loads.keys()) {
      if (total <= options.bytesMax) return;
      if (id === newest || !here.has(id)) continue;
      total -= here.get(id)!.bytes;
      here.delete(id);
      loads.delete(id);
    }
  }

  async function begin(id: string): Promise<HeldAdapter> {
    try {
      const adapter = await load(id);
      const copies = [...adapter.copies.copies.values()];
      here.set(id, { adapter, bytes: copies.reduce((sum, own) => sum + own.bytes.length, 0) });
      makeRoom(id);
      return adapter;
    } catch (error) {
      // The next one who asks tries again.
      loads.delete(id);
      throw error;
    }
  }

  /** A map keeps the order of insertion: the newest use is the last entry. */
  function use(id: string, adapter: Promise<HeldAdapter>): Promise<HeldAdapter> {
    loads.delete(id);
    loads.set(id, adapter);
    return adapter;
  }

  return {
    get: (id) => use(id, loads.get(id) ?? begin(id)),
    find(id) {
      const found = here.get(id)?.adapter;
      if (found !== undefined) use(id, loads.get(id)!);
      return found;
    },
    held: () => [...here.keys()].sort((a, b) => placeOf(a) - placeOf(b)),
    isHeld: (copies) => [...here.values()].some(({ adapter }) => adapter.copies === copies),
  };

  function placeOf(id: string): number {
    return [...loads.keys()].indexOf(id);
  }
}
