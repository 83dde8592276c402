/**
 * A participant's key at rest: a mnemonic sealed with a password (argon2id, XChaCha20-Poly1305, both by CosmJS). It must not touch
 * files; whoever stores the text gives it mode 600.
 */
import { Bip39, EnglishMnemonic, Random, Slip10, Slip10Curve, stringToPath } from "@cosmjs/crypto";
import {
  DirectSecp256k1HdWallet,
  DirectSecp256k1Wallet,
  executeKdf,
  extractKdfConfiguration,
  type KdfConfiguration,
} from "@cosmjs/proto-signing";
import { R3mesError } from "@r3mes/protocol";
import type { Signer } from "../transactions/signer.ts";

const prefix = "remes";
/** BIP-44 with coin type 118, as every Cosmos wallet derives it. */
const path = stringToPath("m/44'/118'/0'/0/0");

/**
 * Turns a password into the key that seals. The default is portable and takes seconds of processor time; a host with a native
 * argon2id passes its own, which must give the same 32 bytes.
 */
export type DeriveKey = (password: string, configuration: KdfConfiguration) => Promise<Uint8Array>;

/** As CosmJS seals its own wallets: 12 MiB, 24 passes. */
const kdf: KdfConfiguration = {
  algorithm: "argon2id",
  params: { outputLength: 32, opsLimit: 24, memLimitKib: 12 * 1024 },
};

/** Twenty-four words of fresh randomness. */
export function createMnemonic(): string {
  return Bip39.encode(Random.getBytes(32)).toString();
}

/** Whether every word is one of BIP-39's, and the last one holds their checksum. */
export function isMnemonic(text: string): boolean {
  try {
    return new EnglishMnemonic(text).toString() === text;
  } catch {
    return false;
  }
}

/** Signs with the first key of a mnemonic. The key is derived once, not for each signature. */
export async function signerOf(mnemonic: string): Promise<Signer> {
  const seed = await Bip39.mnemonicToSeed(new EnglishMnemonic(mnemonic));
  const { privkey } = Slip10.derivePath(Slip10Curve.Secp256k1, seed, path);
  return DirectSecp256k1Wallet.fromKey(privkey, prefix);
}

/** Text that only `password` opens. */
export async function sealKeystore(
  mnemonic: string,
  password: string,
  deriveKey: DeriveKey = executeKdf,
): Promise<string> {
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix });
  return wallet.serializeWithEncryptionKey(await deriveKey(password, kdf), kdf);
}

/** @throws KEYSTORE_MALFORMED, KEYSTORE_PASSWORD_WRONG */
export async function openKeystore(
  text: string,
  password: string,
  deriveKey: DeriveKey = executeKdf,
): Promise<Signer> {
  return signerOf(await openMnemonic(text, password, deriveKey));
}

/** What is sealed itself, for whoever owns it to write down. Throws as `openKeystore` does. */
export async function openMnemonic(
  text: string,
  password: string,
  deriveKey: DeriveKey = executeKdf,
): Promise<string> {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new R3mesError({ code: "KEYSTORE_MALFORMED" }, { cause: error });
  }
  try {
    const key = await deriveKey(password, extractKdfConfiguration(text));
    return (await DirectSecp256k1HdWallet.deserializeWithEncryptionKey(text, key)).mnemonic;
  } catch (error) {
    const isPassword =
      error instanceof Error && /ciphertext|authenti|tag|decrypt|verif/i.test(error.message);
    throw new R3mesError(
      { code: isPassword ? "KEYSTORE_PASSWORD_WRONG" : "KEYSTORE_MALFORMED" },
      { cause: error },
    );
  }
}
