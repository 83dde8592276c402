/** What holds of keys and sessions, whichever server holds the tables. */
import { accounts } from "@r3mes/database";
import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { type Cases, code, keysLimits, testAccount } from "./testAccount.ts";

const hourMs = 3_600_000;

export const keyCases: Cases = {
  async "a key is found by its text alone, and refused by the reason why"(database) {
    const { keys, text, account, key, clock } = await testAccount(database, 1);
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
    // Whose clock is behind the server's is told so, and is not given a key that opens nothing.
    const dead = keys.create({ account, label: "", scopes: ["inference"], expiresAt });
    const now = new Date(clock.nowMs()).toISOString();
    await expect(dead).rejects.toThrow(
      expect.objectContaining({
        code: "KEY_END_PASSED",
        facts: { at: expiresAt.toISOString(), now, field: "expires_at" },
      }),
    );
    await keys.revoke(account, key.id);
    await expect(keys.find(text, "inference")).rejects.toThrow(code("KEY_REVOKED"));
    await expect(keys.revoke("account_other", key.id)).rejects.toThrow(code("KEY_NOT_FOUND"));
    const stored = JSON.stringify(await database.sql.select().from(accounts.keys));
    expect(stored).not.toContain(text);
  },
  async "a key that could make itself one without limits has none"(database) {
    const { keys, account } = await testAccount(database, 1);
    const managing = { account, label: "", scopes: ["inference", "keys"] } as const;
    for (const limit of [{ models: ["pool-1"] }, { cap: 5 }]) {
      const made = keys.create({ ...managing, ...limit });
      await expect(made).rejects.toThrow(code("KEY_LIMITS_EVADABLE"));
    }
    const { record } = await keys.create(managing);
    expect(record.scopes).toEqual(managing.scopes);
    const limit = database.sql.update(accounts.keys).set({ cap: 5 });
    await expect(limit.where(eq(accounts.keys.id, record.id))).rejects.toThrow();
  },
  async "a rotated key keeps what it may do and has spent, under another text"(database) {
    const { keys, ledger, key, text, account } = await testAccount(database, 100, 20);
    const bound = { account, label: "", scopes: ["inference"], models: ["pool-1"] } as const;
    const { record: ofPool } = await keys.create(bound);
    expect((await keys.rotate(account, ofPool.id, 0)).record.models).toEqual(["pool-1"]);
    await (await ledger.reserve(key, 15)).settle(15);
    const rotated = await keys.rotate(account, key.id, 0);
    expect(rotated.record).toMatchObject({ id: key.id, spent: 15, cap: 20 });
    expect((await keys.find(rotated.text, "inference")).id).toBe(key.id);
    await expect(keys.find(text, "inference")).rejects.toThrow(code("KEY_ROTATED"));
    await expect(ledger.reserve(key, 6)).rejects.toThrow(code("KEY_CAP_REACHED"));
    await expect(keys.rotate("account_other", key.id, 0)).rejects.toThrow(code("KEY_NOT_FOUND"));
  },
  async "the text before a rotation is taken for as long as was said, the one before it no longer"(
    database,
  ) {
    const { keys, key, text: first, account, clock } = await testAccount(database, 1);
    const { text: second } = await keys.rotate(account, key.id, hourMs);
    for (const text of [first, second]) {
      expect((await keys.find(text, "inference")).id).toBe(key.id);
    }
    const { text: third } = await keys.rotate(account, key.id, hourMs);
    await expect(keys.find(first, "inference")).rejects.toThrow(code("KEY_UNKNOWN"));
    await keys.find(second, "inference");
    await clock.advance(hourMs);
    await expect(keys.find(second, "inference")).rejects.toThrow(code("KEY_ROTATED"));
    await keys.find(third, "inference");
    await keys.revoke(account, key.id);
    await expect(keys.find(third, "inference")).rejects.toThrow(code("KEY_REVOKED"));
    await expect(keys.rotate(account, key.id, 0)).rejects.toThrow(code("KEY_REVOKED"));
  },
  async "an account has so many keys and no more, however many are asked for at once"(database) {
    const { keys, account, key } = await testAccount(database, 1);
    const make = () => keys.create({ account, label: "", scopes: ["inference"] });
    const tries = await Promise.allSettled(Array.from({ length: 8 }, make));
    const refused = tries.filter((result) => result.status === "rejected");
    expect(refused.length).toBe(8 - (keysLimits.keysMax - 1));
    for (const { reason } of refused) expect(reason).toEqual(code("KEYS_TOO_MANY"));
    await keys.revoke(account, key.id);
    await make();
    await expect(make()).rejects.toThrow(code("KEYS_TOO_MANY"));
  },
  async "signing in and paying at once never wait for each other"(database) {
    const { keys, ledger, account } = await testAccount(database, 1_000);
    const open = () => keys.openSession(account, hourMs);
    let { record } = await open();
    for (let i = 0; i < 20; i += 1) {
      const key = { id: record.id, account };
      const pay = async () => (await ledger.reserve(key, 1)).settle(1);
      const opened = await Promise.all([open(), open(), pay(), pay(), pay()]);
      record = opened[0].record;
    }
  },
  async "a session does everything and ends by itself; of too many the oldest ends"(database) {
    const { keys, account, clock } = await testAccount(database, 1);
    const sessions = [];
    for (let i = 0; i <= keysLimits.sessionsMax; i += 1) {
      sessions.push(await keys.openSession(account, hourMs));
      await clock.advance(1);
    }
    const [oldest, ...others] = sessions;
    await expect(keys.find(oldest!.text, "keys")).rejects.toThrow(code("KEY_REVOKED"));
    for (const { text } of others) {
      expect(await keys.find(text, "keys")).toMatchObject({ kind: "session", accountId: account });
      await keys.find(text, "inference");
    }
    await clock.advance(hourMs);
    await expect(keys.find(others[0]!.text, "keys")).rejects.toThrow(code("KEY_EXPIRED"));
  },
};
