/** The key that names an IPFS node to its peers: made once, kept in a file that only its owner reads. */
import { readFile } from "node:fs/promises";
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from "@libp2p/crypto/keys";
import type { PrivateKey } from "@libp2p/interface";
import { writeWhole } from "@r3mes/service";

export async function openIdentity(path: string): Promise<PrivateKey> {
  const known = await readIfThere(path);
  if (known.length > 0) return privateKeyFromProtobuf(known);
  const key = await generateKeyPair("Ed25519");
  writeWhole(path, privateKeyToProtobuf(key));
  return key;
}

async function readIfThere(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return new Uint8Array(0);
  }
}
