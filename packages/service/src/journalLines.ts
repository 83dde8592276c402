/** The lines of a journal: a record with its checksum each. */
import { createHash } from "node:crypto";
import { R3mesError } from "@r3mes/protocol";

export interface DecodedLines<Record> {
  readonly records: Record[];
  /** Of all whole lines. */
  readonly bytes: number;
}

/** Line by line: the whole may be more than one text can be. `JOURNAL_CORRUPT` names the line that is damaged. */
export function decodeLines<Record>(path: string, bytes: Buffer): DecodedLines<Record> {
  const records: Record[] = [];
  let start = 0;
  // Only a whole line was promised.
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
    if (end + 1 === bytes.length && lacksPages(bytes.subarray(start, end))) break;
    const line = bytes.toString("utf8", start, end);
    records.push(decodeLine<Record>(path, line, records.length + 1));
    start = end + 1;
  }
  return { records, bytes: start };
}

export function encodeLine(record: unknown): Uint8Array {
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

/** A disk may have had the end of a line and not its middle when the power went: that reads as zeros, which no record holds. */
function lacksPages(line: Uint8Array): boolean {
  return line.includes(0);
}

/** The first 8 bytes of the SHA-256 of a line's text, in hex. */
function checksumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
