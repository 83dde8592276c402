import { chainMessage } from "@r3mes/chain-client";
import { beaconCommitment, decodeAddress, encodeAddress, fromHex } from "@r3mes/protocol";
import { DutyKind, MsgCommitBeaconSchema, MsgRevealBeaconSchema } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import type { VerifierDeps } from "../verifierDeps.ts";
import type { SecretRecord, VerifierRecord } from "../verifierRecord.ts";
import { commitBeacon, revealBeacon } from "./beacon.ts";
import { revealFirst } from "./revealFirst.ts";

const verifier = encodeAddress(new Uint8Array(20).fill(1));
const options = { chainId: "test-1", operator: verifier, owner: verifier };
/** Blocks 17 to 24; reveals of it from 18 to 23. */
const current = { number: 3n, startHeight: 17n, endHeight: 24n };

function setup({ epoch = current, secrets = [] as readonly string[], latestHeight = 18n } = {}) {
  const records: VerifierRecord[] = secrets.map((number) => ({
    kind: "secret",
    epoch: number,
    secret: "ab".repeat(32),
  }));
  const sent: unknown[] = [];
  const warned: unknown[] = [];
  const duty = (id: bigint, fromHeight: bigint) => ({
    ...{ kind: DutyKind.REVEAL_BEACON, id, fromHeight, endHeight: fromHeight + 5n },
  });
  const account = {
    address: verifier,
    log: { info() {}, warn: (fields: unknown) => warned.push(fields) },
    rpc: { status: async () => ({ latestHeight }) },
    query: {
      beacon: async () => ({ current: epoch }),
      duties: async () => ({
        duties: [duty(3n, 18n), { ...duty(3n, 1n), kind: DutyKind.COMMIT_VERDICT }],
      }),
    },
    journal: { records, append: async (record: VerifierRecord) => void records.push(record) },
    submit: async (messages: readonly unknown[]) => void sent.push(...messages),
    salt: () => new Uint8Array(32).fill(7),
  };
  return { account, deps: account as unknown as VerifierDeps, records, sent, warned };
}

test("the next epoch is promised to once, in the second half of this one and not with its last block", async () => {
  const { deps, records, sent } = setup();
  const committed: bigint[] = [];
  for (let height = 17n; height <= 24n; height += 1n) {
    if (await commitBeacon(options, deps, height)) committed.push(height);
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
    const { deps, records } = setup();
    expect(await commitBeacon(options, deps, height)).toBe(false);
    expect(records).toEqual([]);
  }
});

test("an epoch of three blocks is promised to with its first", async () => {
  const { deps } = setup({ epoch: { number: 3n, startHeight: 17n, endHeight: 19n } });
  expect(await commitBeacon(options, deps, 17n)).toBe(true);
});

test("the epoch of the genesis has no halves", async () => {
  const { deps } = setup({ epoch: { number: 0n, startHeight: 0n, endHeight: 0n } });
  expect(await commitBeacon(options, deps, 1n)).toBe(true);
});

test("a secret that is not in the journal cannot be opened", async () => {
  const { deps } = setup();
  await expect(revealBeacon(options, deps, 3n)).rejects.toMatchObject({
    code: "SECRET_NOT_IN_JOURNAL",
  });
});

test("whoever comes back opens what it promised before anything else, when it may", async () => {
  const back = setup({ secrets: ["3"] });
  await revealFirst(back.account as never);
  const secret = new Uint8Array(32).fill(0xab);
  const message = { operator: verifier, epoch: 3n, secret };
  expect(back.sent).toEqual([chainMessage(MsgRevealBeaconSchema, message)]);
  const early = setup({ secrets: ["3"], latestHeight: 17n });
  await revealFirst(early.account as never);
  expect(early.sent).toEqual([]);
});

test("who has promised nothing asks for nothing, since the chain may not know it yet", async () => {
  const { account, warned } = setup();
  const query = { duties: () => Promise.reject(new Error("a duty of nobody")) };
  await revealFirst({ ...account, query } as never);
  expect(warned).toEqual([]);
});

test("a secret that cannot be opened at once keeps nobody from working", async () => {
  const { account, warned } = setup({ secrets: ["2"] });
  await revealFirst(account as never);
  expect(warned).toMatchObject([{ error: { code: "SECRET_NOT_IN_JOURNAL" } }]);
});
