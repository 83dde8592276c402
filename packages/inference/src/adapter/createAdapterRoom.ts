/**
 * Room for adapters: so many bytes, and who has them. Those that nobody uses make room, the one that was unused for longest first. Where
 * all are in use whoever came first waits: the ones used longest ago take nobody new until there is room for it, and what becomes free
 * meanwhile is for nobody else.
 */
import type { AdapterShape } from "@r3mes/models";
import type { FactorCopies } from "./copyFactors.ts";

/** What is known of an adapter that was brought once, be it here or not. */
export interface AdapterSize {
  readonly shape: AdapterShape;
  /** Of its copies in memory. */
  readonly bytes: number;
}

export interface HeldAdapter {
  readonly size: AdapterSize;
  /** Absent while they are made. */
  readonly copies?: FactorCopies;
  readonly users: number;
  /** It takes nobody new. */
  readonly isLeaving: boolean;
}

export interface AdapterRoom {
  /** If it is here. */
  held(id: string): HeldAdapter | undefined;
  /** Whether there is room for one of so many bytes now; if not, it waits for some, unless another has come before. */
  make(id: string, bytes: number): boolean;
  /** Takes the room that was made; what it is for comes later. */
  hold(id: string, size: AdapterSize): void;
  fill(id: string, copies: FactorCopies): void;
  letGo(id: string): void;
  /** Uses one until what is returned is called. */
  use(id: string): () => void;
  /** Of those that are ready, oldest use first. */
  readonly ids: () => readonly string[];
}

interface Held extends HeldAdapter {
  copies?: FactorCopies;
  users: number;
  isLeaving: boolean;
}

const isIdle = ({ copies, users }: Held) => copies !== undefined && users === 0;

export function createAdapterRoom(
  { bytesMax }: { readonly bytesMax: number },
  { onGone }: { readonly onGone: (copies: FactorCopies) => void },
): AdapterRoom {
  /** Oldest use first: a map keeps the order of insertion. */
  const here = new Map<string, Held>();
  /** Who waits for room, first of all. */
  let first: { readonly id: string; readonly bytes: number } | undefined;

  const bytesIn = (held: Iterable<Held>) =>
    [...held].reduce((sum, { size }) => sum + size.bytes, 0);
  const free = () => bytesMax - bytesIn(here.values());
  /** Free, or as good as free. */
  const available = () => free() + bytesIn([...here.values()].filter(isIdle));

  function letGo(id: string): void {
    const { copies } = here.get(id)!;
    here.delete(id);
    if (copies !== undefined) onGone(copies);
  }

  /** Whether so much is free once who is idle has gone; else those whose last use began longest ago take nobody new. */
  function clear(bytes: number): boolean {
    for (const [id, held] of here) if (free() < bytes && isIdle(held)) letGo(id);
    let lacking = bytes - free();
    const isFree = lacking <= 0;
    for (const held of here.values()) {
      held.isLeaving = lacking > 0 && held.copies !== undefined;
      if (held.isLeaving) lacking -= held.size.bytes;
    }
    return isFree;
  }

  return {
    held: (id) => here.get(id),
    make(id, bytes) {
      // Who came first and did not take the room that is there waits no longer.
      if (first === undefined || available() >= first.bytes) first = { id, bytes };
      if (!clear(first.bytes) || first.id !== id) return false;
      first = undefined;
      return true;
    },
    hold(id, size) {
      here.set(id, { size, users: 0, isLeaving: false });
    },
    fill(id, copies) {
      here.get(id)!.copies = copies;
    },
    letGo,
    use(id) {
      const held = here.get(id)!;
      here.delete(id);
      here.set(id, held);
      held.users += 1;
      return () => {
        held.users -= 1;
        if (held.users === 0 && held.isLeaving) letGo(id);
      };
    },
    ids: () => [...here].filter(([, { copies }]) => copies !== undefined).map(([id]) => id),
  };
}
