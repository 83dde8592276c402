import { accounts, type Database, openDatabase } from "@r3mes/database";
import { manualClock, systemRandomness } from "@r3mes/service";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createKeys } from "./createKeys.ts";
import { createLedger } from "./createLedger.ts";
import { newIdFrom } from "./newId.ts";

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ folder: null });
});
afterAll(() => database.close());

const code = (name: string) => expect.objectContaining({ code: name });

/** An account with so many credits, and a key. */
async function setup(credits: number, cap?: number) {
  const clock = manualClock(1_000_000);
  const newId = newIdFrom(systemRandomness);
  const deps = { database, clock, randomness: systemRandomness, newId };
  const [ledger, keys] = [createLedger(deps), createKeys(deps)];
  const account = newId("account");
  await database.sql
    .insert(accounts.accounts)
    .values({ id: account, createdAt: new Date(clock.nowMs()) });
  if (credits > 0) await ledger.grant(account, credits, newId("use"));
  const { text, record } = await keys.create({
    account,
    label: "test",
    scopes: ["inference"],
    ...(cap === undefined ? {} : { cap }),
  });
  const key = { id: record.id, account };
  const state = async () => {
    const all = await database.sql.select().from(accounts.accounts);
    const entries = await database.sql.select().from(accounts.entries);
    const own = all.find(({ id }) => id === account)!;
    const sum = entries
      .filter((entry) => entry.accountId === account)
      .reduce((total, entry) => total + entry.credits, 0);
    expect(own.credits).toBe(sum);
    return { credits: own.credits, reserved: own.reserved };
  };
  return { clock, ledger, keys, key, text, state, account };
}

test("what is set aside is settled by what was used, once", async () => {
  const { ledger, key, state } = await setup(100);
  const reservation = await ledger.reserve(key, 60);
  expect(await state()).toEqual({ credits: 100, reserved: 60 });
  await reservation.settle(25);
  expect(await state()).toEqual({ credits: 75, reserved: 0 });
  await reservation.settle(25);
  expect(await state()).toEqual({ credits: 75, reserved: 0 });
});

test("no more is taken than was set aside", async () => {
  const { ledger, key, state } = await setup(100);
  await (await ledger.reserve(key, 10)).settle(1_000);
  expect(await state()).toEqual({ credits: 90, reserved: 0 });
});

test("credit that is not there is refused with what is needed, and nothing changes", async () => {
  const { ledger, key, state } = await setup(10);
  await ledger.reserve(key, 6);
  await expect(ledger.reserve(key, 5)).rejects.toThrow(
    expect.objectContaining({ code: "CREDIT_INSUFFICIENT", facts: { needed: 5, available: 4 } }),
  );
  expect(await state()).toEqual({ credits: 10, reserved: 6 });
});

test("many at once never take more than there is", async () => {
  const { ledger, key, state } = await setup(100);
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => ledger.reserve(key, 9)));
  const held = tries.filter((result) => result.status === "fulfilled");
  expect(held.length).toBe(11);
  expect(await state()).toEqual({ credits: 100, reserved: 99 });
  await Promise.all(held.map(({ value }) => value.settle(9)));
  expect(await state()).toEqual({ credits: 1, reserved: 0 });
});

test("a key with a cap spends no more than that", async () => {
  const { ledger, key } = await setup(100, 20);
  await (await ledger.reserve(key, 20)).settle(15);
  await expect(ledger.reserve(key, 6)).rejects.toThrow(code("KEY_CAP_REACHED"));
  await (await ledger.reserve(key, 5)).settle(5);
});

test("what a dead process had set aside is given back; its settlement then changes nothing", async () => {
  const { ledger, key, state, clock } = await setup(100);
  // Other tests leave some of their own.
  await ledger.release({ all: true });
  const reservation = await ledger.reserve(key, 60);
  expect(await ledger.release({ all: false })).toBe(0);
  await clock.advance(4_000_000);
  expect(await ledger.release({ all: false })).toBe(1);
  expect(await state()).toEqual({ credits: 100, reserved: 0 });
  await reservation.settle(60);
  expect(await state()).toEqual({ credits: 100, reserved: 0 });
});

test("a grant counts once", async () => {
  const { ledger, account, state } = await setup(0);
  for (let i = 0; i < 3; i += 1) await ledger.grant(account, 7, `grant of ${account}`);
  expect(await state()).toEqual({ credits: 7, reserved: 0 });
});

test("a key is found by its text alone, and refused by the reason why", async () => {
  const { keys, text, account, key, clock } = await setup(1);
  expect((await keys.find(text, "inference")).id).toBe(key.id);
  await expect(keys.find(text, "keys")).rejects.toThrow(code("KEY_SCOPE_MISSING"));
  await expect(keys.find(`${text.slice(0, -1)}~`, "inference")).rejects.toThrow(
    code("KEY_UNKNOWN"),
  );
  const expiresAt = new Date(clock.nowMs() + 1);
  const short = await keys.create({ account, label: "", scopes: ["inference"], expiresAt });
  await keys.find(short.text, "inference");
  await clock.advance(1);
  await expect(keys.find(short.text, "inference")).rejects.toThrow(code("KEY_EXPIRED"));
  await keys.revoke(account, key.id);
  await expect(keys.find(text, "inference")).rejects.toThrow(code("KEY_REVOKED"));
  await expect(keys.revoke("account_other", key.id)).rejects.toThrow(code("KEY_NOT_FOUND"));
  const stored = JSON.stringify(await database.sql.select().from(accounts.keys));
  expect(stored).not.toContain(text);
});
