/** A folder on disk as the readers of this package ask for it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { type OpenByteSource, openByteSource } from "./openByteSource.ts";

/** A folder on disk: what a checkpoint, a model and a dataset are read from. */
export interface Folder {
  /** A whole file, or undefined if there is none of this name. */
  read(file: string): Promise<Uint8Array | undefined>;
  /** A file to be read in pieces, or undefined. */
  open(file: string): Promise<OpenByteSource | undefined>;
  /** Closes every file that was opened. */
  close(): Promise<void>;
}

export function openFolder(folder: string): Folder {
  const opened: OpenByteSource[] = [];
  return {
    read: (file) =>
      unlessMissing(
        async () => new Uint8Array(await readFile(join(folder, file))),
        join(folder, file),
      ),
    open: (file) =>
      unlessMissing(
        async () => {
          const source = await openByteSource(join(folder, file));
          opened.push(source);
          return source;
        },
        join(folder, file),
      ),
    close: async () => {
      for (const source of opened.splice(0)) await source.close();
    },
  };
}

async function unlessMissing<T>(read: () => Promise<T>, path: string): Promise<T | undefined> {
  try {
    return await read();
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    if (reason === "ENOENT" || (cause instanceof R3mesError && cause.facts.reason === "ENOENT")) {
      return undefined;
    }
    if (cause instanceof R3mesError) throw cause;
    throw new R3mesError({ code: "FILE_UNREADABLE", path, reason }, { cause });
  }
}
