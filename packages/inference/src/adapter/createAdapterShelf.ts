/**
 * Adapters in memory, at no time more than so many bytes of them, whoever uses them: those that nobody uses make room, the one that
 * was unused for longest first. Where all are in use whoever came first waits: the ones used longest ago take nobody new until there is
 * room for it, and what becomes free meanwhile is for nobody else. It must not know who uses an adapter, or for what.
 */
import type { AdapterShape } from "@r3mes/models";
import { R3mesError } from "@r3mes/protocol";
import type { FactorCopies } from "./copyFactors.ts";
import type { ServedAdapter } from "./servedAdapter.ts";

/** What is known of an adapter that was brought once, be it here or not. */
export interface AdapterSize {
  readonly shape: AdapterShape;
  /** Of its copies in memory. */
  readonly bytes: number;
}

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

interface Held {
  readonly size: AdapterSize;
  /** Absent while they are made. */
  copies?: FactorCopies;
  users: number;
  /** It takes nobody new. */
  isLeaving: boolean;
}

const isIdle = ({ copies, users }: Held) => copies !== undefined && users === 0;

export function createAdapterShelf(
  { bytesMax }: { readonly bytesMax: number },
  { load, bytesOf, copy, onGone }: AdapterShelfDeps,
): AdapterShelf {
  const loads = new Map<string, Promise<AdapterSize>>();
  /** Oldest use first: a map keeps the order of insertion. */
  const here = new Map<string, Held>();
  /** Who waits for room, first of all. */
  let first: { readonly id: string; readonly bytes: number } | undefined;

  const bytesIn = (held: Iterable<Held>) =>
    [...held].reduce((sum, { size }) => sum + size.bytes, 0);
  const free = () => bytesMax - bytesIn(here.values());
  /** Free, or as good as free. */
  const available = () => free() + bytesIn([...here.values()].filter(isIdle));

  function letGo(id: string, held: Held): void {
    here.delete(id);
    if (held.copies !== undefined) onGone(held.copies);
  }

  /** Whether so much is free now; else those whose last use began longest ago take nobody new. */
  function clear(bytes: number): boolean {
    for (const [id, held] of here) if (free() < bytes && isIdle(held)) letGo(id, held);
    let lacking = bytes - free();
    const isFree = lacking <= 0;
    for (const held of here.values()) {
      held.isLeaving = lacking > 0 && held.copies !== undefined;
      if (held.isLeaving) lacking -= held.size.bytes;
    }
    return isFree;
  }

  function makeRoom(id: string, bytes: number): boolean {
    // Who came first and did not take the room that is there waits no longer.
    if (first === undefined || available() >= first.bytes) first = { id, bytes };
    if (!clear(first.bytes) || first.id !== id) return false;
    first = undefined;
    return true;
  }

  function hold(id: string, size: AdapterSize): Held {
    const held: Held = { size, users: 0, isLeaving: false };
    here.set(id, held);
    return held;
  }

  /** Room is only kept for what was here before: content that nobody offers takes none. */
  async function begin(id: string, known: AdapterSize | undefined): Promise<AdapterSize> {
    let held = known === undefined ? undefined : hold(id, known);
    try {
      const adapter = await load(id);
      const size = known ?? { shape: adapter.shape, bytes: bytesOf(adapter.shape) };
      if (size.bytes > bytesMax) throw tooLarge(size.bytes, bytesMax);
      if (held === undefined && !makeRoom(id, size.bytes)) return size;
      held ??= hold(id, size);
      held.copies = await copy(adapter);
      return size;
    } catch (error) {
      if (held !== undefined) letGo(id, held);
      throw error;
    }
  }

  function giveBack(id: string, held: Held): void {
    held.users -= 1;
    if (held.users === 0 && held.isLeaving) letGo(id, held);
  }

  return {
    sizeOf: (id) => here.get(id)?.size,
    take(id, { bytes }) {
      const held = here.get(id);
      if (held?.copies === undefined) {
        return loads.has(id) || makeRoom(id, bytes) ? "missing" : "no room";
      }
      if (held.isLeaving) return "no room";
      here.delete(id);
      here.set(id, held);
      held.users += 1;
      return { copies: held.copies, giveBack: () => giveBack(id, held) };
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
    held: () => [...here].filter(([, { copies }]) => copies !== undefined).map(([id]) => id),
  };
}

function tooLarge(bytes: number, bytesMax: number): R3mesError {
  return new R3mesError({ code: "ADAPTER_TOO_LARGE", bytes, bytesMax, field: "model" });
}
