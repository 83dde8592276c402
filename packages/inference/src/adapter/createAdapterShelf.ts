/** Adapters in memory, up to so many bytes: the one that was unused for longest goes first. */
import type { AdapterShape } from "@r3mes/models";
import type { FactorCopies } from "./createCopier.ts";

export interface HeldAdapter {
  readonly shape: AdapterShape;
  readonly copies: FactorCopies;
}

export interface AdapterShelf {
  /** Loads it if it is not there. Whoever asks for the same one meanwhile gets the same load. */
  get(id: string): Promise<HeldAdapter>;
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
  const here = new Map<string, { readonly copies: FactorCopies; readonly bytes: number }>();

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
      const { copies } = adapter;
      const bytes = [...copies.copies.values()].reduce((sum, own) => sum + own.bytes.length, 0);
      here.set(id, { copies, bytes });
      makeRoom(id);
      return adapter;
    } catch (error) {
      // The next one who asks tries again.
      loads.delete(id);
      throw error;
    }
  }

  return {
    get(id) {
      const adapter = loads.get(id) ?? begin(id);
      // A map keeps the order of insertion: the newest use is the last entry.
      loads.delete(id);
      loads.set(id, adapter);
      return adapter;
    },
    held: () => [...here.keys()].sort((a, b) => placeOf(a) - placeOf(b)),
    isHeld: (copies) => [...here.values()].some((one) => one.copies === copies),
  };

  function placeOf(id: string): number {
    return [...loads.keys()].indexOf(id);
  }
}
