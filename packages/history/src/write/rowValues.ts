/** Values of rows as the JSON that PostgreSQL reads them from. */

/** What PostgreSQL cannot hold in text: the character zero, and halves of surrogate pairs. */
const unstorable = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text is stored as it is, save for what cannot be stored, which becomes the replacement character. */
export function storableText(text: string): string {
  return text.replace(unstorable, "\ufffd");
}

/** JSON of rows: amounts as digits, bytes in PostgreSQL's hexadecimal form. */
export function rowsJson(rows: readonly object[]): string {
  return JSON.stringify(rows, (_key, value: unknown) => {
    if (typeof value === "string") return storableText(value);
    if (typeof value === "bigint") return value.toString();
    if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
    return value;
  });
}
