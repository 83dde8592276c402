/** An account of its own for one case, with the time in the case's hands. */
import { accounts, type Database } from "@r3mes/database";
import { systemRandomness } from "@r3mes/service";
import { manualClock } from "@r3mes/service/testing";
import { and, eq } from "drizzle-orm";
import { expect } from "vitest";
import { createKeys } from "../createKeys.ts";
import { createLedger } from "../createLedger.ts";
import { newIdFrom } from "../newId.ts";

export const keysLimits = { keysMax: 4, sessionsMax: 2 };

/** @param credits that it begins with; its key has a cap if one is given */
export async function testAccount(database: Database, credits: number, cap?: number) {
  const clock = manualClock(1_000_000);
  const newId = newIdFrom(systemRandomness);
  const deps = { database, clock, randomness: systemRandomness, newId };
  const [ledger, keys] = [createLedger(deps), createKeys(keysLimits, deps)];
  /** Of another process, whose clock is a day ahead. */
  const otherLedger = createLedger({
    ...deps,
    clock: { ...clock, nowMs: () => clock.nowMs() + 86_400_000 },
  });
  const account = newId("account");
  const table = accounts.accounts;
  await database.sql.insert(table).values({ id: account, createdAt: new Date(clock.nowMs()) });
  if (credits > 0) await ledger.grant(account, credits, newId("use"));
  const { text, record } = await keys.create({
    account,
    label: "test",
    scopes: ["inference"],
    ...(cap === undefined ? {} : { cap }),
  });
  const key = { id: record.id, account };
  /** The books of the account, which agree. */
  const state = async () => {
    const [own] = await database.sql.select().from(table).where(eq(table.id, account));
    const entries = await database.sql
      .select()
      .from(accounts.entries)
      .where(eq(accounts.entries.accountId, account));
    expect(own!.credits).toBe(entries.reduce((total, entry) => total + entry.credits, 0));
    const held = await database.sql
      .select()
      .from(accounts.reservations)
      .where(eq(accounts.reservations.accountId, account));
    expect(own!.reserved).toBe(held.reduce((total, { credits }) => total + credits, 0));
    return { credits: own!.credits, reserved: own!.reserved };
  };
  /** What answers took, in the order in which they ended. */
  const spent = async () => {
    const { accountId, keyId, kind, credits: taken, createdAt } = accounts.entries;
    return database.sql
      .select({ keyId, credits: taken, createdAt })
      .from(accounts.entries)
      .where(and(eq(accountId, account), eq(kind, "spend")))
      .orderBy(createdAt);
  };
  return { clock, ledger, otherLedger, keys, key, text, state, spent, account };
}

export type Cases = Readonly<Record<string, (database: Database) => Promise<void>>>;

export const code = (name: string) => expect.objectContaining({ code: name });
