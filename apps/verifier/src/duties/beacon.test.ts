import { chainMessage } from "@r3mes/chain-client";
import {
  beaconCommitment,
  decodeAddress,
  encodeAddress,
  fromHex,
  R3mesError,
} from "@r3mes/protocol";
import { DutyKind, MsgCommitBeaconSchema, MsgRevealBeaconSchema } from "@r3mes/protocol/messages";
import { expect, test, vi } from "vitest";
import type { VerifierDeps } from "../verifierDeps.ts";
import type { SecretRecord, VerifierRecord } from "../verifierRecord.ts";
import { createBeacon } from "./beacon.ts";
import { revealFirst } from "./revealFirst.ts";

const verifier = encodeAddress(new Uint8Array(20).fill(1));
const options = { chainId: "test-1", operator: verifier, owner: verifier };
/** Blocks 17 to 24; reveals of it from 18 to 23. */
const current = { number: 3n, startHeight: 17n, endHeight: 24n, revealEndHeight: 24n };
const signed = { bytes: Uint8Array.of(0xc0, 0xde), timeout: 900n, signedAt: 20n };

function setup({ epoch = current, secrets = [] as readonly string[], latestHeight = 18n } = {}) {
  const records: VerifierRecord[] = secrets.map((number) => ({
    kind: "secret",
    epoch: number,
    secret: "ab".repeat(32),
  }));
  const sent: unknown[] = [];
  const warned: unknown[] = [];
  const prepared: unknown[] = [];
  const offered: unknown[] = [];
  const duty = (id: bigint, fromHeight: bigint) => ({
    ...{ kind: DutyKind.REVEAL_BEACON, id, fromHeight, endHeight: fromHeight + 5n },
  });
  const account = {
    address: verifier,
    log: { info() {}, warn: (fields: unknown) => warned.push(fields) },
    chainId: options.chainId,
    rpc: { status: async () => ({ chainId: options.chainId, latestHeight }) },
    clock: { sleep: () => new Promise((resolve) => setImmediate(resolve)) },
    shutdown: { signal: new AbortController().signal },
    untilBegun: new AbortController().signal,
    query: {
      beacon: async () => ({ current: epoch }),
      duties: async () => ({
        duties: [duty(3n, 18n), { ...duty(3n, 1n), kind: DutyKind.COMMIT_VERDICT }],
      }),
    },
    journal: { records, append: async (record: VerifierRecord) => void records.push(record) },
    submit: async (messages: readonly unknown[]) => void sent.push(...messages),
    prepare: async (messages: readonly unknown[]) => {
      prepared.push(...messages);
      return signed;
    },
    offer: async (bytes: unknown) => void offered.push(bytes),
    salt: () => new Uint8Array(32).fill(7),
  };
  const deps = account as unknown as VerifierDeps;
  return { account, beacon: createBeacon(options, deps), records, sent, warned, prepared, offered };
}

test("the next epoch is promised to once, in the second half of this one and not with its last block", async () => {
  const { beacon, records, sent } = setup();
  const committed: bigint[] = [];
  for (let height = 17n; height <= 24n; height += 1n) {
    if (await beacon.commit(height)) committed.push(height);
  }
  expect(committed).toEqual([20n]);
  const [{ epoch, secret }] = records as [SecretRecord];
  expect(epoch).toBe("4");
  const commitment = beaconCommitment({
    chain: options.chainId,
    epoch: 4n,
    verifier: decodeAddress(verifier),
    secret: fromHex(secret),
  });
  const message = { operator: verifier, epoch: 4n, commitment };
  expect(sent).toEqual([chainMessage(MsgCommitBeaconSchema, message)]);
});

test("whoever sees only the last blocks of an epoch promises nothing", async () => {
  for (const height of [23n, 24n, 25n]) {
    const { beacon, records } = setup();
    expect(await beacon.commit(height)).toBe(false);
    expect(records).toEqual([]);
  }
});

test("an epoch of three blocks is promised to with its first", async () => {
  const epoch = { number: 3n, startHeight: 17n, endHeight: 19n, revealEndHeight: 19n };
  const { beacon } = setup({ epoch });
  expect(await beacon.commit(17n)).toBe(true);
});

test("the epoch of the genesis has no halves", async () => {
  const epoch = { number: 0n, startHeight: 0n, endHeight: 0n, revealEndHeight: 7n };
  const { beacon } = setup({ epoch });
  expect(await beacon.commit(1n)).toBe(true);
});

test("a secret that is not in the journal cannot be opened", async () => {
  const { beacon } = setup();
  await expect(beacon.reveal(3n)).rejects.toMatchObject({
    code: "SECRET_NOT_IN_JOURNAL",
  });
});

test("what opens a secret is signed with the promise, and offered from the first block on that may take it", async () => {
  const { account, beacon, records, sent, prepared, offered } = setup();
  await beacon.commit(20n);
  const { opening, secret } = records[0] as SecretRecord;
  const message = { operator: verifier, epoch: 4n, secret: fromHex(secret) };
  expect(prepared).toEqual([chainMessage(MsgRevealBeaconSchema, message)]);
  expect(opening).toMatchObject({ bytes: "c0de", after: "25", until: "32" });
  expect(beacon.openAfter(4n)).toBe(25n);
  expect(await createBeacon(options, account as never).reveal(4n)).toBe(true);
  expect(offered).toEqual([signed]);
  expect(sent).toHaveLength(1);
});

test("signed bytes that have ended are replaced by new ones, and those of a node that is away are kept", async () => {
  const { account, beacon, sent } = setup();
  await beacon.commit(20n);
  const failing = (code: "NODE_UNREACHABLE" | "TRANSACTION_EXPIRED") => async () => {
    throw new R3mesError({ code });
  };
  const away = createBeacon(options, { ...account, offer: failing("NODE_UNREACHABLE") } as never);
  await expect(away.reveal(4n)).rejects.toMatchObject({ code: "NODE_UNREACHABLE" });
  expect(away.openAfter(4n)).toBe(25n);
  const dead = createBeacon(options, {
    ...account,
    offer: failing("TRANSACTION_EXPIRED"),
  } as never);
  expect(await dead.reveal(4n)).toBe(true);
  expect(dead.openAfter(4n)).toBeUndefined();
  expect(sent).toHaveLength(2);
});

test("a commitment that did not reach a block is sent again, of the same secret, until it has", async () => {
  const { account, records } = setup();
  const answers = ["NODE_UNREACHABLE", "BEACON_COMMITMENT_EXISTS"] as const;
  const sent: unknown[] = [];
  const submit = async (messages: readonly unknown[]) => {
    sent.push(...messages);
    const code = answers[sent.length - 1];
    if (code !== undefined) throw new R3mesError({ code });
  };
  const beacon = createBeacon(options, { ...account, submit } as never);
  await expect(beacon.commit(20n)).rejects.toMatchObject({ code: "NODE_UNREACHABLE" });
  expect(await beacon.commit(21n)).toBe(true);
  expect(await beacon.commit(22n)).toBe(false);
  expect(sent[1]).toEqual(sent[0]);
  expect(sent).toHaveLength(2);
  expect(records).toHaveLength(1);
});

test("whoever comes back opens what it promised before anything else, when it may", async () => {
  const back = setup({ secrets: ["3"] });
  await revealFirst(back.account as never);
  const secret = new Uint8Array(32).fill(0xab);
  const message = { operator: verifier, epoch: 3n, secret };
  expect(back.sent).toEqual([chainMessage(MsgRevealBeaconSchema, message)]);
  const early = setup({ secrets: ["3"], latestHeight: 17n });
  await revealFirst({ ...early.account, untilBegun: AbortSignal.abort() } as never);
  expect(early.sent).toEqual([]);
});

test("what becomes due while the verifier still loads is opened then, and nothing is asked after that", async () => {
  const { account, sent } = setup({ secrets: ["3"] });
  let height = 15n;
  let asked = 0;
  const status = async () => {
    asked += 1;
    return { chainId: options.chainId, latestHeight: height++ };
  };
  const { duties } = account.query;
  // The chain lists the promises of the epoch that runs, and no other.
  const query = {
    duties: async () => (height > 17n ? duties() : { duties: [] }),
    beacon: async () => ({ current: { ...current, number: height > 17n ? 3n : 2n } }),
  };
  await revealFirst({ ...account, rpc: { status }, query } as never);
  expect(sent).toEqual([]);
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  const opened = asked;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([sent.length, asked]).toEqual([1, opened]);
});

test("once the verifier works, its promises are kept by that work alone", async () => {
  const working = new AbortController();
  const { account, sent } = setup({ secrets: ["4"] });
  let height = 18n;
  const status = async () => ({ chainId: options.chainId, latestHeight: height++ });
  const asked: bigint[] = [];
  const query = {
    duties: async () => {
      asked.push(height);
      if (asked.length === 3) working.abort();
      return { duties: [] };
    },
    beacon: async () => ({ current }),
  };
  const untilBegun = working.signal;
  await revealFirst({ ...account, rpc: { status }, query, untilBegun } as never);
  await vi.waitFor(() => expect(asked).toHaveLength(3));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([asked.length, sent]).toEqual([3, []]);
});

test("who has promised nothing asks for nothing, since the chain may not know it yet", async () => {
  const { account, warned } = setup();
  const query = { duties: () => Promise.reject(new Error("a duty of nobody")) };
  await revealFirst({ ...account, query } as never);
  expect(warned).toEqual([]);
});

test("a secret that cannot be opened at once keeps nobody from working", async () => {
  const { account, warned } = setup({ secrets: ["2"] });
  await revealFirst({ ...account, untilBegun: AbortSignal.abort() } as never);
  expect(warned).toMatchObject([{ error: { code: "SECRET_NOT_IN_JOURNAL" } }]);
});

test("a commitment that comes when its epoch has begun is told once, and is no failure", async () => {
  const { account } = setup();
  const sent: unknown[] = [];
  const told: unknown[] = [];
  const submit = async (messages: readonly unknown[]) => {
    sent.push(...messages);
    throw new R3mesError({ code: "BEACON_EPOCH_WRONG" });
  };
  const log = { info: (fields: unknown) => told.push(fields) };
  const beacon = createBeacon(options, { ...account, submit, log } as never);
  expect(await beacon.commit(21n)).toBe(false);
  expect(await beacon.commit(22n)).toBe(false);
  expect(sent).toHaveLength(1);
  expect(told).toEqual([{ epoch: "4" }]);
});
