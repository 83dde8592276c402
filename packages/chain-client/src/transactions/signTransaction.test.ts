import { makeCosmoshubPath, Secp256k1HdWallet, serializeSignDoc } from "@cosmjs/amino";
import { Secp256k1, Secp256k1Signature, sha256 } from "@cosmjs/crypto";
import type { OfflineDirectSigner } from "@cosmjs/proto-signing";
import { MsgSetOperatorSchema } from "@r3mes/protocol/messages";
import { AuthInfo, TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { expect, test } from "vitest";
import { createMnemonic, signerOf } from "../keystore/keystore.ts";
import { aminoDocument } from "./aminoDocument.ts";
import { chainMessage } from "./chainMessage.ts";
import { sendMessage } from "./sendMessage.ts";
import { accountOf, type Signer } from "./signer.ts";
import { signTransaction, unsignedTransaction } from "./signTransaction.ts";
import type { TransactionDraft } from "./transactionDraft.ts";

const owner = "remes1qqqsyqcyq5rqwzqfpg9scrgwpugpzysn4k5d2m";
const draft: TransactionDraft = {
  messages: [chainMessage(MsgSetOperatorSchema, { owner, operator: owner })],
  ordering: { kind: "unordered", timeout: 1_700_000_000_120_000_000n },
  gas: 200_000n,
  fee: 200n,
};

async function contextOf(signer: Signer) {
  const { address } = (await accountOf(signer))!;
  return { chainId: "remesdev-1", accountNumber: 7n, address };
}

const aminoWallet = () =>
  Secp256k1HdWallet.fromMnemonic(createMnemonic(), {
    prefix: "remes",
    hdPaths: [makeCosmoshubPath(0)],
  });

test("an unordered transaction is shown as the SDK writes it", () => {
  const context = { chainId: "remesdev-1", accountNumber: 7n, address: owner };
  expect(new TextDecoder().decode(serializeSignDoc(aminoDocument(draft, context)))).toBe(
    '{"account_number":"7","chain_id":"remesdev-1","fee":{"amount":[{"amount":"200","denom":"uremes"}],' +
      '"gas":"200000"},"memo":"","msgs":[{"type":"remes/MsgSetOperator","value":{"operator":' +
      `"${owner}","owner":"${owner}"}}],"sequence":"0","timeout_timestamp":` +
      '"2023-11-14T22:13:20.12Z","unordered":true}',
  );
});

test("a wallet that shows text signs the text, and the transaction says so", async () => {
  const wallet = await aminoWallet();
  const context = await contextOf(wallet);
  const raw = TxRaw.decode(await signTransaction(draft, context, wallet));
  const auth = AuthInfo.decode(raw.authInfoBytes);
  expect(auth.signerInfos.map(({ modeInfo }) => modeInfo?.single?.mode)).toEqual([127]);
  const text = sha256(serializeSignDoc(aminoDocument(draft, context)));
  const { publicKey } = (await accountOf(wallet))!;
  const signature = Secp256k1Signature.fromFixedLength(raw.signatures[0]!);
  expect(await Secp256k1.verifySignature(signature, text, publicKey)).toBe(true);
});

test("what a wallet changed before it signed is what is sent", async () => {
  const direct = (await signerOf(createMnemonic())) as OfflineDirectSigner;
  const dearer: Signer = {
    getAccounts: () => direct.getAccounts(),
    signDirect: (address, document) => {
      const body = TxBody.decode(document.bodyBytes);
      body.memo = "changed";
      return direct.signDirect(address, { ...document, bodyBytes: TxBody.encode(body).finish() });
    },
  };
  const amino = await aminoWallet();
  const generous: Signer = {
    getAccounts: () => amino.getAccounts(),
    signAmino: (address, document) => {
      const amount = [{ denom: "uremes", amount: "900" }];
      const fee = { gas: "300000", amount, granter: owner };
      return amino.signAmino(address, { ...document, memo: "changed", fee });
    },
  };
  for (const signer of [dearer, generous]) {
    const raw = TxRaw.decode(await signTransaction(draft, await contextOf(signer), signer));
    expect(TxBody.decode(raw.bodyBytes).memo).toBe("changed");
  }
  const raw = TxRaw.decode(await signTransaction(draft, await contextOf(generous), generous));
  expect(AuthInfo.decode(raw.authInfoBytes).fee).toMatchObject({
    gasLimit: 300_000n,
    amount: [{ denom: "uremes", amount: "900" }],
    granter: owner,
  });
});

test("nobody is asked to sign an estimate", async () => {
  const wallet = await aminoWallet();
  const asked: Signer = {
    getAccounts: () => wallet.getAccounts(),
    signAmino: () => Promise.reject(new Error("asked")),
  };
  const context = await contextOf(wallet);
  const estimated = await unsignedTransaction(draft, context, asked);
  expect(estimated.length).toBe((await signTransaction(draft, context, wallet)).length);
});

test("a message of another module is refused before a hardware wallet is asked", async () => {
  const wallet = await aminoWallet();
  const context = await contextOf(wallet);
  const foreign = { ...draft, messages: [sendMessage(context.address, context.address, 1n)] };
  await expect(signTransaction(foreign, context, wallet)).rejects.toMatchObject({
    code: "MESSAGE_NOT_SHOWN",
  });
});
