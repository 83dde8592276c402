/** A wallet that signs texts as Keplr's `signArbitrary` does, made by CosmJS. */
import { Secp256k1HdWallet } from "@cosmjs/amino";
import { textSignDoc } from "@r3mes/chain-client/testing";

export async function testWallet() {
  const wallet = await Secp256k1HdWallet.generate(12, { prefix: "remes" });
  const [account] = await wallet.getAccounts();
  const { address } = account!;
  return {
    address,
    signArbitrary: async (text: string) =>
      (await wallet.signAmino(address, textSignDoc(address, text))).signature,
  };
}
