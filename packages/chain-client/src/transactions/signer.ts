/**
 * Who signs. The shape is the one that CosmJS wallets and injected wallets (Keplr) share, so each of them serves as it is. One
 * that stands for a hardware wallet signs amino documents alone.
 */
import type { OfflineAminoSigner } from "@cosmjs/amino";
import type { OfflineDirectSigner } from "@cosmjs/proto-signing";

export type Signer = OfflineDirectSigner | OfflineAminoSigner;

export interface SignerAccount {
  readonly address: string;
  /** Compressed secp256k1, 33 bytes. */
  readonly publicKey: Uint8Array;
}

/** The signer's first account, or the one with `address`. */
export async function accountOf(
  signer: Signer,
  address?: string,
): Promise<SignerAccount | undefined> {
  const accounts = await signer.getAccounts();
  const found = address === undefined ? accounts[0] : accounts.find((a) => a.address === address);
  return found === undefined ? undefined : { address: found.address, publicKey: found.pubkey };
}
