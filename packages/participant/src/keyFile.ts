/** A participant's sealed key as a file that only its owner reads. */
import { link, open, rm, stat } from "node:fs/promises";
import {
  accountOf,
  createMnemonic,
  openKeystore,
  openMnemonic,
  type Signer,
  sealKeystore,
} from "@r3mes/chain-client";
import { deriveKey } from "./deriveKey.ts";
import { readText } from "./readText.ts";

export interface Key {
  readonly signer: Signer;
  readonly address: string;
}

/** Seals a key, a fresh one unless its words are given, in a whole file or none. A file that is there is never written over. */
export async function createKeyFile(
  path: string,
  password: string,
  mnemonic: string = createMnemonic(),
): Promise<void> {
  const part = `${path}.part`;
  try {
    const file = await open(part, "w", 0o600);
    try {
      await file.writeFile(await sealKeystore(mnemonic, password, deriveKey));
      await file.sync();
    } finally {
      await file.close();
    }
    // Unlike a new name, a link replaces nothing.
    await link(part, path);
  } finally {
    await rm(part, { force: true });
  }
}

/** @throws FILE_UNREADABLE, KEYSTORE_MALFORMED, KEYSTORE_PASSWORD_WRONG */
export async function openKeyFile(path: string, password: string): Promise<Key> {
  const signer = await openKeystore(await readText(path), password, deriveKey);
  return { signer, address: (await accountOf(signer))!.address };
}

/** The words of a key, for its owner: whoever has them has the key. Throws as `openKeyFile` does. */
export async function wordsOfKeyFile(path: string, password: string): Promise<string> {
  return openMnemonic(await readText(path), password, deriveKey);
}

/** Whether somebody else on this machine may read the file; on Windows a mode says nothing of that. */
export async function isOpenToOthers(path: string): Promise<boolean> {
  return process.platform !== "win32" && ((await stat(path)).mode & 0o044) !== 0;
}
