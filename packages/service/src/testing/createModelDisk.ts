/**
 * A disk for tests of journals, that knows what outlives what: bytes that were not synced and names whose folder was not may be gone
 * when the power comes back. At a call of its test's choice it refuses, or its process dies there.
 */
import type { JournalFile, JournalFiles } from "../journalFiles.ts";

export interface Failure {
  /** The call, counted from 1. */
  readonly at: number;
  /** Refused once, half done; refused from here on without an end, as to a process that is dead. */
  readonly kind: "refused" | "dead";
}

/** What is there when a process comes back: what the system had, or only what was synced. */
export interface Loss {
  readonly bytes: boolean;
  readonly names: boolean;
}

export interface ModelDisk extends JournalFiles {
  /** Calls so far. */
  readonly calls: () => number;
  readonly isDead: () => boolean;
  /** The disk as the next life finds it, with nothing that fails. */
  after(loss: Loss): ModelDisk;
  readonly names: () => readonly string[];
}

interface Inode {
  bytes: Buffer;
  synced: Buffer;
}

export function createModelDisk(
  failure?: Failure,
  found: ReadonlyMap<string, Inode> = new Map(),
): ModelDisk {
  const names = new Map(found);
  let syncedNames: ReadonlyMap<string, Inode> = new Map(found);
  let calls = 0;

  /** `half` is what a call has done where it is cut off in the middle. */
  async function call<T>(whole: () => T, half: () => void = () => {}): Promise<T> {
    calls += 1;
    const { at, kind } = failure ?? { at: Number.POSITIVE_INFINITY, kind: "refused" };
    if (calls < at || (kind === "refused" && calls > at)) return whole();
    if (calls === at) half();
    throw new Error(`call ${calls} is ${kind}`);
  }

  function fileOf(inode: Inode): JournalFile {
    const grow = (bytes: Uint8Array) => {
      inode.bytes = Buffer.concat([inode.bytes, bytes]);
    };
    return {
      append: (bytes) =>
        call(
          () => grow(bytes),
          () => grow(bytes.subarray(0, bytes.length >> 1)),
        ),
      sync: () =>
        call(() => {
          inode.synced = inode.bytes;
        }),
      truncate: (bytes) =>
        call(() => {
          inode.bytes = inode.bytes.subarray(0, bytes);
        }),
      close: () => call(() => undefined),
    };
  }

  return {
    calls: () => calls,
    isDead: () => failure?.kind === "dead" && calls >= failure.at,
    names: () => [...names.keys()],
    open: (path) =>
      call(() => {
        const inode = names.get(path) ?? { bytes: Buffer.alloc(0), synced: Buffer.alloc(0) };
        names.set(path, inode);
        return fileOf(inode);
      }),
    read: (path) => call(() => names.get(path)!.bytes),
    rename: (from, to) =>
      call(() => {
        names.set(to, names.get(from)!);
        names.delete(from);
      }),
    remove: (path) => call(() => void names.delete(path)),
    syncNames: () =>
      call(() => {
        syncedNames = new Map(names);
      }),
    after(loss) {
      const left = [...(loss.names ? syncedNames : names)].map(([name, inode]) => {
        const bytes = loss.bytes ? inode.synced : inode.bytes;
        return [name, { bytes, synced: bytes }] as const;
      });
      return createModelDisk(undefined, new Map(left));
    },
  };
}
