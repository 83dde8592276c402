import { R3mesError } from "@r3mes/protocol";
import { BaseAccount } from "cosmjs-types/cosmos/auth/v1beta1/auth";
import { QueryAccountInfoResponse } from "cosmjs-types/cosmos/auth/v1beta1/query";
import { SimulateResponse } from "cosmjs-types/cosmos/tx/v1beta1/service";
import { AuthInfo, TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { expect, test } from "vitest";
import { createMnemonic, signerOf } from "../keystore/keystore.ts";
import { createTestChain, paramsAnswer } from "../testing/testChain.ts";
import { createSubmitter, type SignedTransaction } from "./createSubmitter.ts";
import { accountOf } from "./signer.ts";

const message = { typeUrl: "/remes.v1.MsgAny", value: Uint8Array.of(1, 2, 3) };

async function setup() {
  const chain = createTestChain();
  chain.queryAnswers["/remes.v1.Query/Params"] = paramsAnswer(2_500n);
  const signer = await signerOf(createMnemonic());
  const address = (await accountOf(signer))!.address;
  chain.queryAnswers["/cosmos.auth.v1beta1.Query/AccountInfo"] = {
    value: QueryAccountInfoResponse.encode({
      info: BaseAccount.fromPartial({ address, accountNumber: 7n }),
    }).finish(),
  };
  chain.queryAnswers["/cosmos.tx.v1beta1.Service/Simulate"] = {
    value: SimulateResponse.encode(
      SimulateResponse.fromPartial({ gasInfo: { gasUsed: 100_001n } }),
    ).finish(),
  };
  const journal: SignedTransaction[] = [];
  let onSleep: () => void = () => chain.makeBlock();
  const submitter = createSubmitter(
    {
      chainId: "remesdev-1",
      address,
      lifetimeMs: 5_000,
      pollMs: 100,
      gasMarginPercent: 20,
    },
    {
      rpc: chain,
      signer,
      sleep: async () => onSleep(),
      onSigned: async (signed) => void journal.push(signed),
    },
  );
  const whileWaiting = (run: () => void) => {
    onSleep = run;
  };
  return { chain, submitter, journal, whileWaiting };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof R3mesError) return error.code;
    throw error;
  }
  return "none";
}

test("the fee is what the chain demands as it is signed, also after governance has raised the price", async () => {
  const { chain, submitter } = await setup();
  const feeOf = async () => {
    const { bytes } = await submitter.sign([message], { gas: 1_000_000n });
    return AuthInfo.decode(TxRaw.decode(bytes).authInfoBytes).fee?.amount;
  };
  expect(await feeOf()).toEqual([{ denom: "uremes", amount: "2500" }]);
  chain.queryAnswers["/remes.v1.Query/Params"] = paramsAnswer(10_000n);
  expect(await feeOf()).toEqual([{ denom: "uremes", amount: "10000" }]);
});

test("a transaction is found in the block that holds it, with gas and fee rounded up", async () => {
  const { chain, submitter } = await setup();
  const inclusion = await submitter.submit([message]);
  expect(inclusion).toMatchObject({ height: 2n, index: 0 });
  const raw = TxRaw.decode(chain.offered[0]!);
  const { fee, signerInfos } = AuthInfo.decode(raw.authInfoBytes);
  expect(fee?.gasLimit).toBe(120_002n);
  expect(fee?.amount).toEqual([{ denom: "uremes", amount: "301" }]);
  expect(signerInfos[0]?.sequence).toBe(0n);
  const body = TxBody.decode(raw.bodyBytes);
  expect(body.unordered).toBe(true);
  expect(body.timeoutTimestamp).toEqual({ seconds: 6n, nanos: 0 });
  expect(body.messages).toEqual([message]);
});

test("two transactions of one block time never share a timeout", async () => {
  const { submitter, journal } = await setup();
  await Promise.all([submitter.submit([message]), submitter.submit([message])]);
  expect(journal[1]!.timeout).toBe(journal[0]!.timeout + 1n);
});

test("a full mempool is tried again, another refusal is not", async () => {
  const { chain, submitter } = await setup();
  chain.answers.push({ code: 20, codespace: "sdk", log: "mempool is full" });
  expect((await submitter.submit([message])).height).toBeGreaterThan(1n);
  expect(chain.offered.length).toBe(2);
  chain.answers.push({ code: 13, codespace: "sdk", log: "insufficient fee" });
  expect(await codeOf(submitter.submit([message]))).toBe("CHAIN_REFUSED");
  expect(chain.offered.length).toBe(3);
});

test("a node that has restarted and waits for its first block is asked again", async () => {
  const { chain, submitter, journal } = await setup();
  const log = "unordered tx ttl exceeds 10m0s: invalid request";
  chain.answers.push({ code: 18, codespace: "sdk", log });
  expect((await submitter.submit([message])).height).toBe(3n);
  expect(chain.offered).toEqual([journal[0]!.bytes, journal[0]!.bytes]);
});

test("the module's own refusal arrives as its code of the catalogue", async () => {
  const { whileWaiting, chain, submitter } = await setup();
  whileWaiting(() => chain.makeBlock({ code: 4, codespace: "remes", log: "address …" }));
  expect(await codeOf(submitter.submit([message]))).toBe("ADDRESS_INVALID");
});

test("after a restart the same bytes are offered again and found, even when the first offer had succeeded", async () => {
  const { chain, submitter, journal } = await setup();
  const first = await submitter.submit([message]);
  chain.answers.push({ code: 19, codespace: "sdk", log: "tx already in mempool" });
  expect(await submitter.resume(journal[0]!)).toEqual(first);
  expect(chain.offered[1]).toEqual(chain.offered[0]);
});

test("what a block holds is found, though a node that has restarted since refuses the bytes", async () => {
  const { chain, submitter, journal } = await setup();
  const used = { code: 18, codespace: "sdk", log: "failed to add unordered nonce" };
  const first = await submitter.submit([message]);
  chain.makeBlock();
  chain.answers.push(used, used);
  expect(await submitter.resume(journal[0]!)).toEqual(first);
  const fresh = await submitter.sign([message]);
  chain.makeBlock();
  await expect(submitter.resume(fresh)).rejects.toMatchObject({ facts: { log: used.log } });
});

test("a transaction that no block takes is reported as expired, and only after its timeout", async () => {
  const { chain, submitter, whileWaiting } = await setup();
  chain.answers.push({ code: 19, codespace: "sdk", log: "" });
  let blocks = 1;
  whileWaiting(() => {
    chain.makeBlock();
    blocks += 1;
  });
  expect(await codeOf(submitter.submit([message]))).toBe("TRANSACTION_EXPIRED");
  expect(blocks).toBe(7);
});

test("nothing is signed for another chain", async () => {
  const { chain, submitter, journal } = await setup();
  chain.chainId = "remes-1";
  expect(await codeOf(submitter.submit([message]))).toBe("CHAIN_ID_WRONG");
  expect(journal).toEqual([]);
});
