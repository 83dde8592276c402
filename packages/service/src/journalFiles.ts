/** What a journal needs of a disk, and the disk of this machine. Nothing here knows what a record is. */
import { type FileHandle, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

export interface JournalFile {
  append(bytes: Uint8Array): Promise<void>;
  /** Returns when what the file holds would outlive a loss of power. */
  sync(): Promise<void>;
  truncate(bytes: number): Promise<void>;
  close(): Promise<void>;
}

export interface JournalFiles {
  /** Creates the file, of mode 600, if there is none. */
  open(path: string): Promise<JournalFile>;
  read(path: string): Promise<Buffer>;
  /** The name then leads to the other file, at once and whole. */
  rename(from: string, to: string): Promise<void>;
  /** Nothing, if there is none. */
  remove(path: string): Promise<void>;
  /** Returns when the names in the folder of `path` would outlive a loss of power. */
  syncNames(path: string): Promise<void>;
}

export const journalFiles: JournalFiles = {
  open: async (path) => journalFile(await open(path, "a", 0o600)),
  read: readFile,
  rename,
  remove: (path) => rm(path, { force: true }),
  async syncNames(path) {
    const folder = await open(dirname(path), "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};

function journalFile(file: FileHandle): JournalFile {
  return {
    append: (bytes) => file.appendFile(bytes),
    sync: () => file.datasync(),
    truncate: (bytes) => file.truncate(bytes),
    close: () => file.close(),
  };
}
