/**
 * Lines at the end of a file, each on disk as a whole or not at all, and the file in place of which another comes. Whatever the disk
 * refuses, and wherever the power goes, the name leads to one whole file: the one before or the one after.
 */
import type { JournalFile, JournalFiles } from "./journalFiles.ts";

export interface JournalWriter {
  /** Of all whole lines. */
  readonly bytes: number;
  /** Returns when the line would outlive a loss of power; throws where nothing of it stays. */
  write(line: Uint8Array): Promise<void>;
  /** All lines at once, in place of what is there. Throws where what was there stays as it was. */
  replace(lines: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Where the lines that come are gathered. Only a crash leaves it behind. */
export function pathBeside(path: string): string {
  return `${path}.next`;
}

/** `bytes` is where the last whole line ends. */
export function createJournalWriter(
  path: string,
  opened: { readonly file: JournalFile; readonly bytes: number },
  files: JournalFiles,
): JournalWriter {
  let { file, bytes } = opened;
  let isTorn = false;
  /** Whether the name is known to lead to this file whatever happens: nothing is promised before. */
  let isNamed = false;

  async function settle(): Promise<void> {
    if (!isNamed) {
      await files.syncNames(path);
      isNamed = true;
    }
    if (isTorn) await takeBack();
  }

  async function takeBack(): Promise<void> {
    await file.truncate(bytes);
    await file.sync();
    isTorn = false;
  }

  return {
    get bytes() {
      return bytes;
    },
    async write(line) {
      await settle();
      try {
        isTorn = true;
        await file.append(line);
        await file.sync();
        bytes += line.length;
        isTorn = false;
      } catch (error) {
        // Where even this is refused, the next line begins with it.
        await takeBack().catch(() => undefined);
        throw error;
      }
    },
    async replace(lines) {
      const after = await writeBeside(path, lines, files);
      const before = file;
      [file, bytes, isTorn, isNamed] = [after, lines.length, false, false];
      // Nothing in it is needed any more.
      await before.close().catch(() => undefined);
    },
    close: () => file.close(),
  };
}

async function writeBeside(
  path: string,
  lines: Uint8Array,
  files: JournalFiles,
): Promise<JournalFile> {
  const beside = pathBeside(path);
  await files.remove(beside);
  const file = await files.open(beside);
  try {
    await file.append(lines);
    await file.sync();
    await files.rename(beside, path);
    return file;
  } catch (error) {
    await file.close().catch(() => undefined);
    await files.remove(beside).catch(() => undefined);
    throw error;
  }
}
