import { Secp256k1HdWallet } from "@cosmjs/amino";
import { fromHex } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { isSignedText, type SignedText, textSignDoc } from "./signedText.ts";

/** Made by CosmJS of BIP-39's first example; `verifyADR36Amino` of @keplr-wallet/cosmos 0.13.41 accepted it. */
const signed: SignedText = {
  address: "remes19rl4cm2hmr8afy4kldpxz3fka4jguq0arlkp9h",
  text: "api.example asks <you> & ß 🙂\nNonce: 00",
  publicKey: fromHex("024f4e2ad99c34d60b9ba6283c9431a8418af8673212961f97a77b6377fcd05b62"),
  signature: fromHex(
    "b388346f21e207707aa52080cacfe1eb0332364ea47b50baf9af13f1a32f2ee7" +
      "5fcc365e475d034b0ce760eae3d6ee7c8fd2720a227ded8d58fd1b9113f6ed06",
  ),
};

test("a text that a wallet signed is recognised, and no other", () => {
  expect(isSignedText(signed)).toBe(true);
  const changed = (bytes: Uint8Array, at: number) => bytes.map((b, i) => (i === at ? b ^ 1 : b));
  const lies: Partial<SignedText>[] = [
    { text: `${signed.text} ` },
    { signature: changed(signed.signature, 5) },
    { publicKey: changed(signed.publicKey, 32) },
    { address: "remes1fl48vsnmsdzcv85q5d2q4z5ajdha8yu3rgzkk0" },
  ];
  for (const lie of lies) expect(isSignedText({ ...signed, ...lie })).toBe(false);
});

test("what is no key or no signature is wrong, not an error", () => {
  for (const bytes of [new Uint8Array(0), new Uint8Array(33), new Uint8Array(64).fill(255)]) {
    expect(isSignedText({ ...signed, publicKey: bytes })).toBe(false);
    expect(isSignedText({ ...signed, signature: bytes })).toBe(false);
  }
});

test("somebody else's signature does not speak for an address", async () => {
  const wallet = await Secp256k1HdWallet.generate(12, { prefix: "remes" });
  const [own] = await wallet.getAccounts();
  const text = "hello";
  const sign = async (address: string) => {
    const { signature } = await wallet.signAmino(own!.address, textSignDoc(address, text));
    return Uint8Array.from(Buffer.from(signature.signature, "base64"));
  };
  const publicKey = own!.pubkey;
  const { address } = own!;
  expect(isSignedText({ address, text, publicKey, signature: await sign(address) })).toBe(true);
  const other = signed.address;
  expect(isSignedText({ address: other, text, publicKey, signature: await sign(other) })).toBe(
    false,
  );
});
