import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { type Journal, type JournalRecord, openJournal } from "@r3mes/service";
import { limitFiles } from "@r3mes/service/testing";
import { BaseAccount } from "cosmjs-types/cosmos/auth/v1beta1/auth";
import { QueryAccountInfoResponse } from "cosmjs-types/cosmos/auth/v1beta1/query";
import { SimulateResponse } from "cosmjs-types/cosmos/tx/v1beta1/service";
import { afterEach, expect, test } from "vitest";
import { createMnemonic, signerOf } from "../keystore/keystore.ts";
import { createTestChain, paramsAnswer } from "../testing/testChain.ts";
import { createDurableSubmitter } from "./createDurableSubmitter.ts";
import { accountOf } from "./signer.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const message = { typeUrl: "/remes.v1.MsgAny", value: Uint8Array.of(1) };

async function setup() {
  const folder = await mkdtemp(join(tmpdir(), "r3mes-submitter-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const chain = createTestChain();
  const signer = await signerOf(createMnemonic());
  const address = (await accountOf(signer))!.address;
  chain.queryAnswers = {
    "/remes.v1.Query/Params": paramsAnswer(1_000n),
    "/cosmos.auth.v1beta1.Query/AccountInfo": {
      value: QueryAccountInfoResponse.encode({
        info: BaseAccount.fromPartial({ address, accountNumber: 7n }),
      }).finish(),
    },
    "/cosmos.tx.v1beta1.Service/Simulate": {
      value: SimulateResponse.encode(
        SimulateResponse.fromPartial({ gasInfo: { gasUsed: 1000n } }),
      ).finish(),
    },
  };
  const options = {
    chainId: "remesdev-1",
    address,
    lifetimeMs: 3000,
    pollMs: 1,
    gasMarginPercent: 10,
  };
  /** One life of the process: the journal is opened anew each time. */
  async function live(sleep: () => Promise<void>) {
    const journal: Journal<JournalRecord> = await openJournal(join(folder, "journal"));
    cleanups.push(() => journal.close());
    return createDurableSubmitter(options, { rpc: chain, signer, sleep, journal });
  }
  return { chain, live, path: join(folder, "journal") };
}

const killed = new Error("killed");

test("killed after the offer, the next life finds the transaction and signs nothing anew", async () => {
  const { chain, live } = await setup();
  const first = await live(async () => {
    throw killed;
  });
  await expect(first.submit([message])).rejects.toBe(killed);
  chain.makeBlock();
  chain.answers.push({ code: 19, codespace: "sdk", log: "already in mempool" });
  const second = await live(async () => chain.makeBlock());
  expect(await second.recover()).toBe(1);
  expect(chain.offered.length).toBe(2);
  expect(chain.offered[1]).toEqual(chain.offered[0]);
  expect(await (await live(async () => chain.makeBlock())).recover()).toBe(0);
});

test("killed before the offer, the next life offers what was signed", async () => {
  const { chain, live } = await setup();
  chain.broadcast = async () => {
    throw killed;
  };
  await expect((await live(async () => undefined)).submit([message])).rejects.toBe(killed);
  const fresh = createTestChain();
  chain.broadcast = fresh.broadcast;
  chain.status = fresh.status;
  chain.block = fresh.block;
  chain.blockResults = fresh.blockResults;
  const second = await live(async () => fresh.makeBlock());
  expect(await second.recover()).toBe(1);
  expect(fresh.offered.length).toBe(1);
});

test("a dead transaction is closed, and does not stop the next life", async () => {
  const { chain, live } = await setup();
  const first = await live(async () => {
    throw killed;
  });
  chain.answers.push({ code: 19, codespace: "sdk", log: "" });
  await expect(first.submit([message])).rejects.toBe(killed);
  for (let i = 0; i < 9; i += 1) chain.makeBlock();
  chain.answers.push({ code: 19, codespace: "sdk", log: "" });
  expect(await (await live(async () => chain.makeBlock())).recover()).toBe(1);
  expect(await (await live(async () => chain.makeBlock())).recover()).toBe(0);
});

test("what is prepared is sent by nobody, and found by a later life whoever has offered it", async () => {
  const { chain, live } = await setup();
  const terms = { gas: 5_000n, lifetimeMs: 60_000 };
  const first = await live(async () => undefined);
  const signed = await first.prepare([message], terms);
  expect((await first.prepare([message], terms)).timeout).toBe(signed.timeout + 1n);
  expect(await first.recover()).toBe(0);
  expect(chain.offered).toEqual([]);
  await chain.broadcast(signed.bytes);
  chain.makeBlock();
  chain.answers.push({ code: 19, codespace: "sdk", log: "already in mempool" });
  const { height } = await (await live(async () => chain.makeBlock())).offer(signed);
  expect(height).toBe(signed.signedAt + 1n);
});

test("a process that is stopped while it waits leaves the transaction open", async () => {
  const { chain, live } = await setup();
  const stop = new AbortController();
  const first = await live(async () => stop.abort(killed));
  await expect(first.submit([message], stop.signal)).rejects.toBe(killed);
  chain.makeBlock();
  chain.answers.push({ code: 19, codespace: "sdk", log: "already in mempool" });
  expect(await (await live(async () => chain.makeBlock())).recover()).toBe(1);
  expect(chain.offered[1]).toEqual(chain.offered[0]);
});

test.runIf(process.platform === "linux")(
  "a full disk lets nothing leave, and forgets nothing that has left",
  async () => {
    const { chain, live, path } = await setup();
    const first = await live(async () => {
      limitFiles((await stat(path)).size);
      chain.makeBlock();
    });
    try {
      limitFiles(1);
      const full = { code: "JOURNAL_NOT_WRITTEN" };
      await expect(first.submit([message])).rejects.toMatchObject(full);
      expect(chain.offered).toEqual([]);
      // Now there is room for the signed bytes, and none for their end.
      limitFiles("unlimited");
      await expect(first.submit([message])).rejects.toMatchObject(full);
      expect(chain.offered).toHaveLength(1);
    } finally {
      limitFiles("unlimited");
    }
    chain.answers.push({ code: 19, codespace: "sdk", log: "" });
    expect(await (await live(async () => chain.makeBlock())).recover()).toBe(1);
    expect(chain.offered[1]).toEqual(chain.offered[0]);
    expect(await (await live(async () => chain.makeBlock())).recover()).toBe(0);
  },
);

test("a node that is away leaves the transaction open", async () => {
  const { chain, live } = await setup();
  const first = await live(async () => {
    throw killed;
  });
  await expect(first.submit([message])).rejects.toBe(killed);
  const away = new R3mesError({ code: "NODE_UNREACHABLE", url: "x", reason: "y" });
  chain.failures = { count: 1, error: away };
  const second = await live(async () => chain.makeBlock());
  await expect(second.recover()).rejects.toMatchObject({ code: "NODE_UNREACHABLE" });
  chain.answers.push({ code: 19, codespace: "sdk", log: "" });
  expect(await (await live(async () => chain.makeBlock())).recover()).toBe(1);
});

test("a node that falls back leaves the transaction open", async () => {
  const { chain, live } = await setup();
  for (let i = 0; i < 3; i++) chain.makeBlock();
  const { status } = chain;
  const first = await live(async () => {
    chain.status = async () => ({ ...(await status()), latestHeight: 1n });
  });
  await expect(first.submit([message])).rejects.toMatchObject({ code: "CHAIN_WENT_BACK" });
  chain.status = status;
  chain.answers.push({ code: 19, codespace: "sdk", log: "" });
  expect(await (await live(async () => chain.makeBlock())).recover()).toBe(1);
  expect(chain.offered[1]).toEqual(chain.offered[0]);
});
