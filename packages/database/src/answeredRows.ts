/**
 * Rows taken from the bytes of an answer of PostgreSQL, which PGlite itself reads several times slower than it makes them. Values are
 * what PGlite would have made of them.
 */
import type { PGlite, QueryOptions, Results } from "@electric-sql/pglite";

export function resultsOf(
  rows: readonly AnsweredRow[],
  columns: Results["fields"],
  client: Pick<PGlite, "parsers">,
  { rowMode, parsers = {} }: QueryOptions,
): Results<unknown> {
  const readers = columns.map(
    ({ dataTypeID: type }) =>
      [parsers[type] ?? client.parsers[type] ?? ((text: string) => text), type] as const,
  );
  const named = (row: readonly unknown[]) =>
    Object.fromEntries(row.map((value, i) => [columns[i]!.name, value]));
  const values = rows.map((row) =>
    readRow(row, (field, i) => {
      const [readValue, type] = readers[i]!;
      return readValue(field, type);
    }),
  );
  return {
    rows: rowMode === "array" ? values : values.map(named),
    fields: columns.map(({ name, dataTypeID }) => ({ name, dataTypeID })),
    affectedRows: 0,
  };
}

/** Where a row stands in an answer. */
export interface AnsweredRow {
  readonly answer: Buffer;
  readonly start: number;
}

/** Letters of messages: a statement was bound, a row, a statement is complete, the next message may come. */
const [bound, row, complete, ready] = ["2", "D", "C", "Z"].map((letter) => letter.charCodeAt(0));

/**
 * The rows of each statement that was bound and executed; each message is a letter, its length, and as much.
 *
 * @throws if there is anything else in the answer, such as an error
 */
export function partsOf(answer: Buffer): AnsweredRow[][] {
  const parts: AnsweredRow[][] = [];
  for (let at = 0; at < answer.length; at += 1 + answer.readInt32BE(at + 1)) {
    const kind = answer[at]!;
    if (kind === bound) parts.push([]);
    else if (kind === row) parts.at(-1)!.push({ answer, start: at + 5 });
    else if (kind !== complete && kind !== ready) {
      throw new Error(`a message ${String.fromCharCode(kind)} among rows`);
    }
  }
  return parts;
}

/** The number of fields, then each with its length, -1 for null. */
function readRow(
  { answer, start }: AnsweredRow,
  readField: (field: string, column: number) => unknown,
): unknown[] {
  const fields: unknown[] = new Array(answer.readInt16BE(start));
  let at = start + 2;
  for (let column = 0; column < fields.length; column += 1) {
    const bytes = answer.readInt32BE(at);
    at += 4;
    fields[column] = bytes < 0 ? null : readField(answer.toString("utf8", at, at + bytes), column);
    at += Math.max(bytes, 0);
  }
  return fields;
}
