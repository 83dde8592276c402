/** Names of records: what it is, and 16 random bytes. */
import { toHex } from "@r3mes/protocol";
import type { Randomness } from "@r3mes/service";

export type NewId = (kind: "account" | "gift" | "key" | "use") => string;

export function newIdFrom(randomness: Randomness): NewId {
  return (kind) => `${kind}_${toHex(randomness.bytes(16))}`;
}
