/** The key that signs receipts: made at the first start, in a file that only this user reads. */
import { existsSync, readFileSync } from "node:fs";
import { fromHex, R3mesError, toHex } from "@r3mes/protocol";
import { type Randomness, writeWhole } from "@r3mes/service";

/** @throws KEY_FILE_INVALID if the file holds something else */
export async function openProviderKey(path: string, randomness: Randomness): Promise<Uint8Array> {
  if (existsSync(path)) {
    const text = readFileSync(path, "utf8").trim();
    if (!/^[0-9a-f]{64}$/.test(text)) throw new R3mesError({ code: "KEY_FILE_INVALID", path });
    return fromHex(text);
  }
  // Below 2^-127 is the chance that these bytes are no key of the curve.
  const key = randomness.bytes(32);
  writeWhole(path, `${toHex(key)}\n`);
  return key;
}
