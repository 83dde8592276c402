/** How values stand in vector files: bytes as hex, wide integers as decimal text, refusals by code. */
import { R3mesError, toHex } from "@r3mes/protocol";

/** The value in the form of the vector files. */
export function describe(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map(describe);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, describe(field)]));
}

/** `{ <name>: result }`, or `{ refused: code }` when the call is refused. */
export function outcome(name: string, call: () => unknown): { readonly [name: string]: unknown } {
  try {
    return { [name]: describe(call()) };
  } catch (error) {
    if (!(error instanceof R3mesError)) throw error;
    return { refused: error.code };
  }
}

/** The bytes first, first + 1, … modulo 256: readable stand-ins for hashes, keys and salts. */
export function counting(first: number, length = 32): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => first + i);
}
