/**
 * Credit as whole numbers: set aside before an answer, taken by what was sent, given back if the process dies. Every change is one
 * statement or one transaction, so that the credits of an account are always the sum of its entries. Whoever waits for a first token
 * waits for the first of them: setting aside and settling are one statement each.
 */
import { accounts, type Database, isDatabaseAway } from "@r3mes/database";
import { assert, R3mesError } from "@r3mes/protocol";
import type { Clock } from "@r3mes/service";
import { eq, inArray, sql } from "drizzle-orm";
import type { Reservation } from "../access/access.ts";
import type { NewId } from "./newId.ts";

export interface Ledger {
  /** Throws CREDIT_INSUFFICIENT, KEY_CAP_REACHED. */
  reserve(
    key: { readonly id: string; readonly account: string },
    credits: number,
  ): Promise<Reservation>;
  /** Adds credits, once for each id. */
  grant(account: string, credits: number, id: string): Promise<void>;
  /** Tells other processes that what this one has set aside is still needed, and settles what it could not. To be called each minute. */
  renew(): Promise<void>;
  /**
   * Gives back what processes that have ended had set aside, or all that others have. Returns how many reservations. To be called each
   * minute, as `renew`.
   */
  release(options: { readonly all: boolean }): Promise<number>;
}

export interface LedgerDeps {
  readonly database: Pick<Database, "sql">;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** At so many looks in turn, a minute apart, a process that lives would have said so again. */
const looksMax = 10;

/**
 * A process gives back nothing of its own, and of others what it has seen as it was at every look of ten minutes. It counts looks, not
 * time: neither a clock that is set nor a database that was away for everybody takes a reservation from an answer that is under way.
 */
export function createLedger({ database, clock, newId }: LedgerDeps): Ledger {
  /** What this process will settle. */
  const own = new Set<string>();
  /** What was used, and when, of reservations that the database could not end then. */
  const owed = new Map<string, { readonly used: number; readonly nowMs: number }>();
  /** How often a reservation of another process had been renewed, and at how many looks in turn after the first that was so. */
  let watched = new Map<string, { readonly renewals: number; readonly looks: number }>();

  return {
    async reserve(key, credits) {
      assert(Number.isSafeInteger(credits) && credits >= 0, "credits are whole numbers");
      const id = newId("use");
      try {
        await setAside(database.sql, { id, key: key.id, credits, nowMs: clock.nowMs() });
      } catch (error) {
        throw (await refusalOf(error, database.sql, key, credits)) ?? error;
      }
      own.add(id);
      return {
        async settle(used) {
          const use = { used, nowMs: clock.nowMs() };
          try {
            await settle(database.sql, { id, ...use });
          } catch (error) {
            // The answer has been given: it is paid for when the database is back, unless this process ends before.
            if (isDatabaseAway(error)) return void owed.set(id, use);
            own.delete(id);
            throw error;
          }
          own.delete(id);
        },
      };
    },
    async grant(account, credits, id) {
      const createdAt = new Date(clock.nowMs());
      await database.sql.transaction(async (tx) => {
        const entry = { id, accountId: account, kind: "grant" as const, credits, createdAt };
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
    async renew() {
      const failures: unknown[] = [];
      for (const [id, use] of owed) {
        try {
          await settle(database.sql, { id, ...use });
        } catch (error) {
          if (isDatabaseAway(error)) throw error;
          failures.push(error); // to try again would end alike, and the others need their turn
        }
        owed.delete(id);
        own.delete(id);
      }
      if (own.size > 0) {
        await database.sql
          .update(reservations)
          .set({ renewals: sql`${reservations.renewals} + 1` })
          .where(inArray(reservations.id, [...own]));
      }
      if (failures.length > 0) throw failures[0];
    },
    async release({ all }) {
      const { id, renewals } = reservations;
      const found = await database.sql.select({ id, renewals }).from(reservations);
      const others = found.filter((one) => !own.has(one.id));
      const before = watched;
      watched = new Map();
      let released = 0;
      for (const other of others) {
        const known = before.get(other.id);
        const looks = known?.renewals === other.renewals ? known.looks + 1 : 0;
        watched.set(other.id, { renewals: other.renewals, looks });
        if (!all && looks < looksMax) continue;
        // One by one: a transaction that held many accounts could wait for another that waits for it.
        await settle(database.sql, { id: other.id, used: 0, nowMs: clock.nowMs() });
        released += 1;
      }
      return released;
    },
  };
}

type Sql = Database["sql"];

const { accounts: owners, entries, keys, reservations } = accounts;

const instant = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;

/**
 * Sets credit of a key and of its account aside. The guards of the two tables refuse what is not there, and then nothing changes. The
 * key is locked before the account, as in settling: two never wait for each other.
 */
async function setAside(
  db: Sql,
  of: {
    readonly id: string;
    readonly key: string;
    readonly credits: number;
    readonly nowMs: number;
  },
): Promise<void> {
  const credits = sql`${of.credits}::bigint`;
  await db.execute(sql`/* prepared */
    with key as (
      update ${keys} set reserved = reserved + ${credits}, last_used_at = ${instant(of.nowMs)}
      where id = ${of.key} returning id, account_id
    ), account as (
      update ${owners} owner set reserved = owner.reserved + ${credits}
      from key where owner.id = key.account_id returning owner.id
    )
    insert into ${reservations} (id, account_id, key_id, credits)
    values (${of.id}, (select id from account), (select id from key), ${credits})`);
}

/**
 * Ends a reservation of which so much was used. One that is gone was settled, or released because this process was taken for dead:
 * either is final, and nothing changes.
 */
async function settle(
  db: Sql,
  of: { readonly id: string; readonly used: number; readonly nowMs: number },
): Promise<void> {
  assert(Number.isSafeInteger(of.used) && of.used >= 0, "credits are whole numbers");
  await db.execute(sql`/* prepared */
    with ended as (
      delete from ${reservations} where id = ${of.id}
      returning id, account_id, key_id, credits, least(credits, ${of.used}::bigint) as used
    ), key as (
      update ${keys} spender
      set spent = spender.spent + ended.used, reserved = spender.reserved - ended.credits
      from ended where spender.id = ended.key_id returning spender.account_id
    ), account as (
      update ${owners} owner
      set credits = owner.credits - ended.used, reserved = owner.reserved - ended.credits
      from ended, key where owner.id = key.account_id returning owner.id
    )
    insert into ${entries} (id, account_id, key_id, kind, credits, created_at)
    select ended.id, account.id, ended.key_id, 'spend', -ended.used, ${instant(of.nowMs)}
    from ended, account where ended.used > 0`);
}

/** Why a table's guard refused to set credit aside; undefined if it was something else. */
async function refusalOf(
  error: unknown,
  db: Sql,
  { id, account }: { readonly id: string; readonly account: string },
  needed: number,
): Promise<R3mesError | undefined> {
  const guard = (error as { cause?: { constraint?: unknown } }).cause?.constraint;
  if (guard === "keys_cap") {
    const [key] = await db.select().from(keys).where(eq(keys.id, id));
    const spent = (key?.spent ?? 0) + (key?.reserved ?? 0);
    return new R3mesError({ code: "KEY_CAP_REACHED", cap: key?.cap ?? 0, spent, needed });
  }
  if (guard !== "accounts_credits") return undefined;
  const [owner] = await db.select().from(owners).where(eq(owners.id, account));
  const available = (owner?.credits ?? 0) - (owner?.reserved ?? 0);
  return new R3mesError({ code: "CREDIT_INSUFFICIENT", needed, available });
}
