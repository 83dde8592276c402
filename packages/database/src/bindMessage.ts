/**
 * What runs a statement that was prepared, as the protocol of PostgreSQL has it: the message Bind with its values as text, and Execute
 * for all its rows. PGlite's own writer of it takes some twenty times as long.
 */

const [bind, execute] = ["B", "E"].map((letter) => letter.charCodeAt(0)) as [number, number];
const none = -1;

/** @param name of the statement, in ASCII */
export function bindMessage(name: string, values: readonly (string | null)[]): Buffer {
  const valueBytes = values.reduce((all, value) => all + 4 + Buffer.byteLength(value ?? ""), 0);
  // The length of a message counts itself, and not its letter.
  const bindLength = 4 + 1 + name.length + 1 + 2 + 2 + valueBytes + 2;
  const executeLength = 4 + 1 + 4;
  const message = Buffer.alloc(1 + bindLength + 1 + executeLength);
  // Zeros stand: the unnamed portal, the end of the name, formats that are all text, no limit of rows.
  message.writeUInt8(bind, 0);
  message.writeInt32BE(bindLength, 1);
  message.write(name, 6);
  let at = message.writeInt16BE(values.length, 6 + name.length + 3);
  for (const value of values) {
    const length = value === null ? none : message.write(value, at + 4);
    at = message.writeInt32BE(length, at) + Math.max(length, 0);
  }
  at = message.writeUInt8(execute, at + 2);
  message.writeInt32BE(executeLength, at);
  return message;
}
