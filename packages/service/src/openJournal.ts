/**
 * A write-ahead journal: what a process has promised, on disk before anybody hears of it. Each line is a record with its checksum.
 * A line cut short by a crash was never promised and is dropped; any other damage is refused, never repaired by guessing.
 */
import { createHash } from "node:crypto";
import { type FileHandle, open, readFile } from "node:fs/promises";
import { R3mesError } from "@r3mes/protocol";

export type JournalRecord = { readonly [field: string]: unknown };

export interface Journal<Record extends JournalRecord> {
  /** Everything that was promised, oldest first. */
  readonly records: readonly Record[];
  /** Returns when the record is on disk. Appends keep their order. */
  append(record: Record): Promise<void>;
  close(): Promise<void>;
}

/** Creates the file, of mode 600, if there is none. `JOURNAL_CORRUPT` names the line that is damaged. */
export async function openJournal<Record extends JournalRecord>(
  path: string,
): Promise<Journal<Record>> {
  const file = await open(path, "a+", 0o600);
  let records: Record[];
  try {
    records = await recover<Record>(path, file);
  } catch (error) {
    await file.close();
    throw error;
  }
  let last: Promise<void> = Promise.resolve();
  return {
    records,
    append(record) {
      last = last.then(async () => {
        await file.appendFile(encodeLine(record));
        await file.datasync();
        records.push(record);
      });
      return last;
    },
    async close() {
      await last;
      await file.close();
    },
  };
}

async function recover<Record>(path: string, file: FileHandle): Promise<Record[]> {
  const bytes = await readFile(path);
  // Only a whole line was promised: its last byte is written after all others.
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) await file.truncate(end);
  const lines = bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
  return lines.map((line, i) => decodeLine<Record>(path, line, i + 1));
}

function encodeLine(record: JournalRecord): string {
  const text = JSON.stringify(record);
  return `${checksumOf(text)} ${text}\n`;
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
