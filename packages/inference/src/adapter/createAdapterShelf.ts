/**
 * Adapters in memory, at no time more than so many bytes of them, whoever uses them. Each is brought once, however many ask for it; which
 * of them are here, and who waits, is its room's to say. It must not know who uses an adapter, or for what.
 */
import type { AdapterShape } from "@r3mes/models";
import { R3mesError } from "@r3mes/protocol";
import type { FactorCopies } from "./copyFactors.ts";
import { type AdapterSize, createAdapterRoom } from "./createAdapterRoom.ts";
import type { ServedAdapter } from "./servedAdapter.ts";

export interface TakenAdapter {
  readonly copies: FactorCopies;
  giveBack(): void;
}

export interface AdapterShelf {
  /** If it is here. */
  sizeOf(id: string): AdapterSize | undefined;
  /** Takes it until it is given back; `missing` if it is to be brought, now; `no room` until some is given back. */
  take(id: string, size: AdapterSize): TakenAdapter | "missing" | "no room";
  /**
   * Brings it. Whoever brings the same one meanwhile gets the same load. One that never was here may turn out to have no room: then it
   * is not kept, and what is told of it is its size.
   *
   * @param size of one that was here: `take` has just found room for it
   * @throws ADAPTER_TOO_LARGE, or as loading it does
   */
  bring(id: string, size?: AdapterSize): Promise<AdapterSize>;
  /** Oldest use first. */
  readonly held: () => readonly string[];
}

export interface AdapterShelfDeps {
  /** Rejects if there is no such adapter, or it is not what its name says. */
  readonly load: (id: string) => Promise<ServedAdapter>;
  readonly bytesOf: (shape: AdapterShape) => number;
  readonly copy: (adapter: ServedAdapter) => Promise<FactorCopies>;
  /** Called when these have left: nobody is to keep them. */
  readonly onGone: (copies: FactorCopies) => void;
}

export function createAdapterShelf(
  { bytesMax }: { readonly bytesMax: number },
  { load, bytesOf, copy, onGone }: AdapterShelfDeps,
): AdapterShelf {
  const room = createAdapterRoom({ bytesMax }, { onGone });
  const loads = new Map<string, Promise<AdapterSize>>();

  /** Room is only kept for what was here before: content that nobody offers takes none. */
  async function begin(id: string, known: AdapterSize | undefined): Promise<AdapterSize> {
    let isHeld = known !== undefined;
    if (known !== undefined) room.hold(id, known);
    try {
      const adapter = await load(id);
      const size = known ?? { shape: adapter.shape, bytes: bytesOf(adapter.shape) };
      if (size.bytes > bytesMax) throw tooLarge(size.bytes, bytesMax);
      if (!isHeld) {
        if (!room.make(id, size.bytes)) return size;
        room.hold(id, size);
        isHeld = true;
      }
      room.fill(id, await copy(adapter));
      return size;
    } catch (error) {
      if (isHeld) room.letGo(id);
      throw error;
    }
  }

  return {
    sizeOf: (id) => room.held(id)?.size,
    take(id, { bytes }) {
      const held = room.held(id);
      if (held?.copies === undefined) {
        return loads.has(id) || room.make(id, bytes) ? "missing" : "no room";
      }
      if (held.isLeaving) return "no room";
      return { copies: held.copies, giveBack: room.use(id) };
    },
    bring(id, size) {
      const known = loads.get(id);
      if (known !== undefined) return known;
      const loading = begin(id, size);
      loads.set(id, loading);
      // The next one who asks after a failure tries again.
      const forget = () => void loads.delete(id);
      loading.then(forget, forget);
      return loading;
    },
    held: room.ids,
  };
}

function tooLarge(bytes: number, bytesMax: number): R3mesError {
  return new R3mesError({ code: "ADAPTER_TOO_LARGE", bytes, bytesMax, field: "model" });
}
