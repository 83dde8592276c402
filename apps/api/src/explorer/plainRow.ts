/** Rows as replies hold them: 64-bit sums as decimal strings, bytes in hexadecimal. */

export type PlainRow<Row> = {
  readonly [Property in keyof Row]: Row[Property] extends bigint
    ? string
    : Row[Property] extends bigint | null
      ? string | null
      : Row[Property] extends Uint8Array
        ? string
        : Row[Property];
};

export function plainRow<Row extends object>(row: Row): PlainRow<Row> {
  const plain: Record<string, unknown> = {};
  for (const property in row) plain[property] = plainValue(row[property]);
  return plain as PlainRow<Row>;
}

function plainValue(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
}
