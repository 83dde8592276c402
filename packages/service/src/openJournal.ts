/**
 * A write-ahead journal: what a process has promised, on disk before anybody hears of it. Each line is a record with its checksum.
 * A line cut short by a crash was never promised and is dropped; any other damage is refused, never repaired by guessing. A line that
 * the disk refuses is taken back, so that nobody finds later what was never promised.
 */
import { createHash } from "node:crypto";
import { access, type FileHandle, open, readFile } from "node:fs/promises";
import { R3mesError } from "@r3mes/protocol";

export type JournalRecord = { readonly [field: string]: unknown };

export interface Journal<Record extends JournalRecord> {
  /** Everything that was promised, oldest first. It grows for years, and what is asked for was mostly written lately: search from its end. */
  readonly records: readonly Record[];
  /**
   * Returns when the record is on disk. Appends keep their order. `JOURNAL_NOT_WRITTEN` when the disk refuses it: the record is then
   * not promised, and the next one is tried as if nothing had been.
   */
  append(record: Record): Promise<void>;
  close(): Promise<void>;
}

/** Creates the file, of mode 600, if there is none. `JOURNAL_CORRUPT` names the line that is damaged. */
export async function openJournal<Record extends JournalRecord>(
  path: string,
): Promise<Journal<Record>> {
  const file = await open(path, "a+", 0o600);
  let found: Recovered<Record>;
  try {
    found = await recover<Record>(path, file);
  } catch (error) {
    await file.close();
    throw error;
  }
  const { records } = found;
  const writer = createLineWriter(file, found.bytes);
  let last: Promise<void> = Promise.resolve();
  return {
    records,
    append(record) {
      const appended = last.then(async () => {
        const line = encodeLine(record);
        try {
          await writer.write(line);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          throw new R3mesError({ code: "JOURNAL_NOT_WRITTEN", path, reason }, { cause: error });
        }
        records.push(record);
      });
      last = appended.catch(() => undefined);
      return appended;
    },
    async close() {
      await last;
      await file.close();
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

/** Lines at the end of a file, each on disk as a whole or not at all. `end` is where the last one ends, in bytes. */
function createLineWriter(file: FileHandle, end: number) {
  let isTorn = false;
  const takeBack = async () => {
    await file.truncate(end);
    await file.datasync();
    isTorn = false;
  };
  return {
    async write(line: Uint8Array): Promise<void> {
      if (isTorn) await takeBack();
      try {
        isTorn = true;
        await file.appendFile(line);
        await file.datasync();
        end += line.length;
        isTorn = false;
      } catch (error) {
        // Where even this is refused, the next line begins with it.
        await takeBack().catch(() => undefined);
        throw error;
      }
    },
  };
}

interface Recovered<Record> {
  readonly records: Record[];
  /** Of all whole lines. */
  readonly bytes: number;
}

async function recover<Record>(path: string, file: FileHandle): Promise<Recovered<Record>> {
  const bytes = await readFile(path);
  const found = decodeLines<Record>(path, bytes);
  if (found.bytes < bytes.length) await file.truncate(found.bytes);
  return found;
}

/** Line by line: the whole may be more than one text can be. */
function decodeLines<Record>(path: string, bytes: Buffer): Recovered<Record> {
  const records: Record[] = [];
  let start = 0;
  // Only a whole line was promised: its last byte is written after all others.
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
    const line = bytes.toString("utf8", start, end);
    records.push(decodeLine<Record>(path, line, records.length + 1));
    start = end + 1;
  }
  return { records, bytes: start };
}

function encodeLine(record: JournalRecord): Uint8Array {
  const text = JSON.stringify(record);
  return Buffer.from(`${checksumOf(text)} ${text}\n`);
}

function decodeLine<Record>(path: string, line: string, number: number): Record {
  const [checksum, text] = [line.slice(0, 16), line.slice(17)];
  if (line[16] !== " " || checksumOf(text) !== checksum) {
    throw new R3mesError({ code: "JOURNAL_CORRUPT", path, line: number });
  }
  return JSON.parse(text) as Record;
}

/** The first 8 bytes of the SHA-256 of a line's text, in hex. */
function checksumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
