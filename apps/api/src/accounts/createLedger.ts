/**
 * Credit as whole numbers: set aside before an answer, taken by what was sent, given back if the process dies. Every change is one
 * transaction, so that the credits of an account are always the sum of its entries.
 */
import { accounts, type Database } from "@r3mes/database";
import { assert, R3mesError } from "@r3mes/protocol";
import type { Clock } from "@r3mes/service";
import { and, eq, isNull, lt, or, sql } from "drizzle-orm";
import type { Reservation } from "../access/access.ts";
import type { NewId } from "./newId.ts";

type Transaction = Parameters<Parameters<Database["sql"]["transaction"]>[0]>[0];

export interface Ledger {
  /** Throws CREDIT_INSUFFICIENT, KEY_CAP_REACHED. */
  reserve(
    key: { readonly id: string; readonly account: string },
    credits: number,
  ): Promise<Reservation>;
  /** Adds credits, once for each id. */
  grant(account: string, credits: number, id: string): Promise<void>;
  /** Gives back what processes that have ended had set aside. Returns how many reservations. */
  release(options: { readonly all: boolean }): Promise<number>;
}

export interface LedgerDeps {
  readonly database: Pick<Database, "sql">;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** Longer than any answer takes. */
const reservationMs = 3_600_000;

export function createLedger({ database, clock, newId }: LedgerDeps): Ledger {
  const now = () => new Date(clock.nowMs());

  async function settle(id: string, used: number): Promise<void> {
    assert(Number.isSafeInteger(used) && used >= 0, "credits are whole numbers");
    await database.sql.transaction(async (tx) => {
      const [reservation] = await tx
        .delete(accounts.reservations)
        .where(eq(accounts.reservations.id, id))
        .returning();
      // It was settled, or released because this process was taken for dead: either is final.
      if (reservation === undefined) return;
      const spent = Math.min(used, reservation.credits);
      await giveBack(tx, reservation, spent);
      if (spent === 0) return;
      const { accountId, keyId } = reservation;
      const entry = { id, accountId, keyId, kind: "spend" as const };
      await tx.insert(accounts.entries).values({ ...entry, credits: -spent, createdAt: now() });
    });
  }

  return {
    async reserve(key, credits) {
      assert(Number.isSafeInteger(credits) && credits >= 0, "credits are whole numbers");
      const id = newId("use");
      await database.sql.transaction(async (tx) => {
        await takeFromKey(tx, key.id, credits, now());
        await takeFromAccount(tx, key.account, credits);
        const expiresAt = new Date(clock.nowMs() + reservationMs);
        const reservation = { id, accountId: key.account, keyId: key.id, credits, expiresAt };
        await tx.insert(accounts.reservations).values(reservation);
      });
      return { settle: (used) => settle(id, used) };
    },
    async grant(account, credits, id) {
      await database.sql.transaction(async (tx) => {
        const entry = { id, accountId: account, kind: "grant" as const, credits, createdAt: now() };
        const added = await tx
          .insert(accounts.entries)
          .values(entry)
          .onConflictDoNothing()
          .returning();
        if (added.length === 0) return;
        await tx
          .update(accounts.accounts)
          .set({ credits: sql`${accounts.accounts.credits} + ${credits}` })
          .where(eq(accounts.accounts.id, account));
      });
    },
    async release({ all }) {
      const { reservations } = accounts;
      const dead = await database.sql
        .select({ id: reservations.id })
        .from(reservations)
        .where(all ? undefined : lt(reservations.expiresAt, now()));
      // One by one: a transaction that held many accounts could wait for another that waits for it.
      for (const { id } of dead) await settle(id, 0);
      return dead.length;
    },
  };
}

async function takeFromKey(tx: Transaction, id: string, credits: number, at: Date): Promise<void> {
  const { keys } = accounts;
  const fits = or(
    isNull(keys.cap),
    sql`${keys.spent} + ${keys.reserved} + ${credits} <= ${keys.cap}`,
  );
  const taken = await tx
    .update(keys)
    .set({ reserved: sql`${keys.reserved} + ${credits}`, lastUsedAt: at })
    .where(and(eq(keys.id, id), fits))
    .returning();
  if (taken.length > 0) return;
  const [key] = await tx.select().from(keys).where(eq(keys.id, id));
  const spent = (key?.spent ?? 0) + (key?.reserved ?? 0);
  throw new R3mesError({ code: "KEY_CAP_REACHED", cap: key?.cap ?? 0, spent, needed: credits });
}

async function takeFromAccount(tx: Transaction, id: string, credits: number): Promise<void> {
  const table = accounts.accounts;
  const taken = await tx
    .update(table)
    .set({ reserved: sql`${table.reserved} + ${credits}` })
    .where(and(eq(table.id, id), sql`${table.credits} - ${table.reserved} >= ${credits}`))
    .returning();
  if (taken.length > 0) return;
  const [account] = await tx.select().from(table).where(eq(table.id, id));
  const available = (account?.credits ?? 0) - (account?.reserved ?? 0);
  throw new R3mesError({ code: "CREDIT_INSUFFICIENT", needed: credits, available });
}

/** Ends a reservation of which so much was spent. Locks the key, then the account, as reserving does: two never wait for each other. */
async function giveBack(
  tx: Transaction,
  reservation: { readonly accountId: string; readonly keyId: string; readonly credits: number },
  spent: number,
): Promise<void> {
  const { accounts: table, keys } = accounts;
  await tx
    .update(keys)
    .set({
      spent: sql`${keys.spent} + ${spent}`,
      reserved: sql`${keys.reserved} - ${reservation.credits}`,
    })
    .where(eq(keys.id, reservation.keyId));
  await tx
    .update(table)
    .set({
      credits: sql`${table.credits} - ${spent}`,
      reserved: sql`${table.reserved} - ${reservation.credits}`,
    })
    .where(eq(table.id, reservation.accountId));
}
