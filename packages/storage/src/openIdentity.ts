/** The key that names an IPFS node to its peers: made once, kept in a file that only its owner reads. */
import { open, readFile, rename } from "node:fs/promises";
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from "@libp2p/crypto/keys";
import type { PrivateKey } from "@libp2p/interface";

export async function openIdentity(path: string): Promise<PrivateKey> {
  const known = await readIfThere(path);
  if (known.length > 0) return privateKeyFromProtobuf(known);
  const key = await generateKeyPair("Ed25519");
  const part = `${path}.part`;
  const file = await open(part, "w", 0o600);
  try {
    await file.writeFile(privateKeyToProtobuf(key));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
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
