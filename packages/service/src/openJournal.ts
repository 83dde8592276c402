/**
 * A write-ahead journal: what a process has promised, on disk before anybody hears of it. Each line is a record with its checksum.
 * A line cut short by a crash was never promised and is dropped; any other damage is refused, never repaired by guessing. A line that
 * the disk refuses is taken back, so that nobody finds later what was never promised. Once it has doubled, it is written anew with what
 * still matters.
 */
import { access, readFile } from "node:fs/promises";
import { R3mesError } from "@r3mes/protocol";
import { createJournalWriter, pathBeside } from "./createJournalWriter.ts";
import { fileFailure } from "./fileFailure.ts";
import { type JournalFile, type JournalFiles, journalFiles } from "./journalFiles.ts";
import { type DecodedLines, decodeLines, encodeLine } from "./journalLines.ts";

export type JournalRecord = { readonly [field: string]: unknown };

export interface Journal<Record extends JournalRecord> {
  /**
   * Everything that was promised and still matters, oldest first; another list once the journal was written anew. What is asked for was
   * mostly written lately: search from its end.
   */
  readonly records: readonly Record[];
  /**
   * Returns when the record is on disk. Appends keep their order. `JOURNAL_NOT_WRITTEN` when the disk refuses it: the record is then
   * not promised, and the next one is tried as if nothing had been. `JOURNAL_CLOSED` once it is closed.
   */
  append(record: Record): Promise<void>;
  close(): Promise<void>;
}

export interface JournalOptions<Record extends JournalRecord> {
  /** What of these records still matters, in their order; all, unless stated, and the journal is never written anew. */
  readonly keep?: (records: readonly Record[]) => readonly Record[];
  /** A smaller journal is left alone. */
  readonly rewriteBytesMin?: number;
  /** Told of what kept the journal from being written anew: it is whole, and goes on as it was. */
  readonly onNotRewritten?: (error: unknown) => void;
}

/** Read in some tens of milliseconds when its process comes back. */
const rewriteBytesMin = 4 << 20;

/** Creates the file, of mode 600, if there is none. `JOURNAL_CORRUPT` names the line that is damaged; DISK_FULL, FOLDER_NOT_WRITABLE. */
export async function openJournal<Record extends JournalRecord>(
  path: string,
  options: JournalOptions<Record> = {},
  { files = journalFiles }: { readonly files?: JournalFiles } = {},
): Promise<Journal<Record>> {
  const least = options.rewriteBytesMin ?? rewriteBytesMin;
  const { file, bytes, records: found } = await recover<Record>(path, files);
  const writer = createJournalWriter(path, { file, bytes }, files);
  let records = found;
  let rewriteFrom = least;
  let last: Promise<void> = Promise.resolve();
  let isClosed = false;

  async function write(record: Record): Promise<void> {
    const line = encodeLine(record);
    try {
      await writer.write(line);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new R3mesError({ code: "JOURNAL_NOT_WRITTEN", path, reason }, { cause: error });
    }
    records.push(record);
  }

  /** At most as many bytes are written anew as were written since the last time. */
  async function rewrite(): Promise<void> {
    if (options.keep === undefined || writer.bytes < rewriteFrom) return;
    try {
      const kept = [...options.keep(records)];
      const lines = Buffer.concat(kept.map(encodeLine));
      rewriteFrom = Math.max(least, 2 * lines.length);
      if (writer.bytes < rewriteFrom) return;
      await writer.replace(lines);
      records = kept;
    } catch (error) {
      rewriteFrom = writer.bytes + least;
      options.onNotRewritten?.(error);
    }
  }

  return {
    get records() {
      return records;
    },
    append(record) {
      if (isClosed) return Promise.reject(new R3mesError({ code: "JOURNAL_CLOSED", path }));
      const appended = last.then(() => write(record));
      // Whoever appended does not wait for it.
      last = appended.then(rewrite, () => undefined);
      return appended;
    },
    async close() {
      isClosed = true;
      await last;
      await writer.close();
    },
  };
}

/** What a journal holds, for whoever only looks: nothing is changed, and its owner may be at work. Empty if there is none. */
export async function readJournal<Record extends JournalRecord>(
  path: string,
): Promise<readonly Record[]> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  return isThere ? decodeLines<Record>(path, await readFile(path)).records : [];
}

async function recover<Record>(
  path: string,
  files: JournalFiles,
): Promise<DecodedLines<Record> & { readonly file: JournalFile }> {
  const file = await files.open(path).catch((error: unknown) => {
    throw fileFailure(error, path);
  });
  try {
    const bytes = await files.read(path);
    const found = decodeLines<Record>(path, bytes);
    if (found.bytes < bytes.length) await file.truncate(found.bytes);
    await files.remove(pathBeside(path));
    return { ...found, file };
  } catch (error) {
    await file.close();
    throw error;
  }
}
