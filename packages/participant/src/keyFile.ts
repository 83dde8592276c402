/** A participant's sealed key as a file that only its owner reads. */
import { link, open, rm, stat } from "node:fs/promises";
import {
  accountOf,
  createMnemonic,
  openKeystore,
  type Signer,
  sealKeystore,
} from "@r3mes/chain-client";
import { deriveKey } from "./deriveKey.ts";
import { readText } from "./readText.ts";

export interface Key {
  readonly signer: Signer;
  readonly address: string;
}

/** Makes a fresh key, in a whole file or none. A file that is there is never written over. Returns the key with its words, to be shown once. */
export async function createKeyFile(
  path: string,
  password: string,
): Promise<{ readonly mnemonic: string }> {
  const mnemonic = createMnemonic();
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
  return { mnemonic };
}

/** @throws FILE_UNREADABLE, KEYSTORE_MALFORMED, KEYSTORE_PASSWORD_WRONG */
export async function openKeyFile(path: string, password: string): Promise<Key> {
  const signer = await openKeystore(await readText(path), password, deriveKey);
  return { signer, address: (await accountOf(signer))!.address };
}

/** Whether somebody else on this machine may read the file; on Windows a mode says nothing of that. */
export async function isOpenToOthers(path: string): Promise<boolean> {
  return process.platform !== "win32" && ((await stat(path)).mode & 0o044) !== 0;
}
