/**
 * API keys, and the sessions of those who signed in, which are keys that end by themselves. They are made, shown once, found by their
 * hash, replaced, taken back. The text of a key is kept nowhere.
 */
import { hash } from "node:crypto";
import { accounts, type Database } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import type { Clock, Randomness } from "@r3mes/service";
import { and, count, desc, eq, gt, inArray, isNull, or, sql } from "drizzle-orm";
import { scopes as allScopes, type Scope } from "../access/access.ts";
import { momentsOf } from "./momentsOf.ts";
import type { NewId } from "./newId.ts";

export type KeyRecord = typeof accounts.keys.$inferSelect;

export interface KeyOptions {
  readonly account: string;
  readonly label: string;
  readonly scopes: readonly Scope[];
  /** Names of the models that it may ask; absent for all. */
  readonly models?: readonly string[];
  readonly cap?: number;
  readonly expiresAt?: Date;
}

/** The only time that a key's text is known. */
export interface NewKey {
  readonly text: string;
  readonly record: KeyRecord;
}

export interface Keys {
  /** Throws KEYS_TOO_MANY, KEY_LIMITS_EVADABLE, KEY_END_PASSED. */
  create(options: KeyOptions): Promise<NewKey>;
  /** A key of so many milliseconds that may do everything; of too many at once the oldest ends. */
  openSession(account: string, lifeMs: number): Promise<NewKey>;
  /** Any scope will do if none is named. Throws KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED, KEY_ROTATED, KEY_SCOPE_MISSING. */
  find(text: string, scope: Scope | null): Promise<KeyRecord>;
  list(account: string): Promise<readonly KeyRecord[]>;
  /**
   * Gives a key another text; what it may do and has spent stays. The text before is taken for `graceMs` more, the one before that no
   * longer. Throws KEY_NOT_FOUND, KEY_REVOKED, KEY_EXPIRED.
   */
  rotate(account: string, id: string, graceMs: number): Promise<NewKey>;
  /** From now on the key opens nothing. Throws KEY_NOT_FOUND. */
  revoke(account: string, id: string): Promise<KeyRecord>;
}

export interface KeysDeps {
  readonly database: Pick<Database, "sql">;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly newId: NewId;
}

export interface KeysLimits {
  /** Keys of one account that open something. */
  readonly keysMax: number;
  readonly sessionsMax: number;
}

const keyPattern = /^r3mes_[A-Za-z0-9_-]{43}$/;

export function createKeys(limits: KeysLimits, deps: KeysDeps): Keys {
  const { database, clock } = deps;
  const keyByText = findByText(database.sql);
  return {
    async create(options) {
      requireBinding(options);
      requireFuture(options, clock.nowMs());
      return database.sql.transaction(async (tx) => {
        await lockKeys(tx, options.account);
        const [counted] = await tx
          .select({ live: count() })
          .from(keys)
          .where(isLive(options.account, "key", clock));
        const { keysMax } = limits;
        if (counted!.live >= keysMax) throw new R3mesError({ code: "KEYS_TOO_MANY", keysMax });
        return insertKey(tx, options, "key", deps);
      });
    },
    openSession: (account, lifeMs) =>
      database.sql.transaction(async (tx) => {
        await lockKeys(tx, account);
        await endOldSessions(tx, account, limits.sessionsMax - 1, clock);
        const expiresAt = new Date(clock.nowMs() + lifeMs);
        const options = { account, label: "signed in", scopes: allScopes, expiresAt };
        return insertKey(tx, options, "session", deps);
      }),
    async find(text, scope) {
      const key = await keyByText(text);
      if (key === undefined) throw new R3mesError({ code: "KEY_UNKNOWN" });
      requireOpen(key, clock.nowMs());
      if (key.hash !== hashOf(text)) requireGrace(key, clock.nowMs());
      if (scope !== null && !key.scopes.includes(scope)) {
        throw new R3mesError({ code: "KEY_SCOPE_MISSING", scope });
      }
      return key;
    },
    list: (account) =>
      database.sql
        .select()
        .from(keys)
        .where(eq(keys.accountId, account))
        .orderBy(desc(keys.createdAt)),
    rotate: (account, id, graceMs) =>
      database.sql.transaction(async (tx) => {
        const [key] = await tx.select().from(keys).where(isOwn(account, id)).for("update");
        if (key === undefined) throw new R3mesError({ code: "KEY_NOT_FOUND", key: id });
        requireOpen(key, clock.nowMs());
        const text = newText(deps.randomness);
        const previousEndsAt = new Date(clock.nowMs() + graceMs);
        const [record] = await tx
          .update(keys)
          .set({ ...traceOf(text), previousHash: key.hash, previousEndsAt })
          .where(isOwn(account, id))
          .returning();
        return { text, record: record! };
      }),
    async revoke(account, id) {
      const own = isOwn(account, id);
      await database.sql
        .update(keys)
        .set({ revokedAt: new Date(clock.nowMs()) })
        .where(and(own, isNull(keys.revokedAt)));
      const [key] = await database.sql.select().from(keys).where(own);
      if (key === undefined) throw new R3mesError({ code: "KEY_NOT_FOUND", key: id });
      return key;
    },
  };
}

type Sql = Pick<Database["sql"], "select" | "insert" | "update" | "execute">;
type Kind = KeyRecord["kind"];

const { keys } = accounts;

const isOwn = (account: string, id: string) => and(eq(keys.id, id), eq(keys.accountId, account));

/** Those of one kind that open something. */
function isLive(account: string, kind: Kind, clock: Clock) {
  const open = or(isNull(keys.expiresAt), gt(keys.expiresAt, new Date(clock.nowMs())));
  return and(eq(keys.accountId, account), eq(keys.kind, kind), isNull(keys.revokedAt), open);
}

/** Class of the advisory locks under which keys are counted: "KEYS" in ASCII. */
const countLock = 0x4b455953;

/**
 * Whoever counts an account's keys and adds one does so alone. Not by a lock of its row: who pays locks a key and then the account,
 * and who signs in ends a key afterwards, so that each could wait for the other.
 */
async function lockKeys(tx: Sql, account: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${countLock}, hashtext(${account}))`);
}

async function insertKey(
  tx: Sql,
  options: KeyOptions,
  kind: Kind,
  { clock, randomness, newId }: KeysDeps,
): Promise<NewKey> {
  const text = newText(randomness);
  const { account: accountId, label, scopes, models, cap = null, expiresAt = null } = options;
  const may = { scopes: [...scopes], models: models === undefined ? null : [...models] };
  const own = { accountId, kind, label, ...may, cap, expiresAt };
  const [record] = await tx
    .insert(keys)
    .values({ id: newId("key"), ...own, ...traceOf(text), createdAt: new Date(clock.nowMs()) })
    .returning();
  return { text, record: record! };
}

/** Leaves so many of an account's sessions, the newest. */
async function endOldSessions(tx: Sql, account: string, left: number, clock: Clock): Promise<void> {
  const old = await tx
    .select({ id: keys.id })
    .from(keys)
    .where(isLive(account, "session", clock))
    .orderBy(desc(keys.createdAt))
    .offset(left);
  const ids = old.map(({ id }) => id);
  const revokedAt = new Date(clock.nowMs());
  if (ids.length > 0) await tx.update(keys).set({ revokedAt }).where(inArray(keys.id, ids));
}

/**
 * Keys are long and random: a plain hash of one tells nothing, and equal hashes are equal keys. Every request asks this first, so the
 * query is put together once.
 */
function findByText(db: Sql): (text: string) => Promise<KeyRecord | undefined> {
  const hash = sql.placeholder("hash");
  const query = db
    .select()
    .from(keys)
    .where(or(eq(keys.hash, hash), eq(keys.previousHash, hash)))
    .prepare("key_by_text");
  return async (text) => {
    if (!keyPattern.test(text)) return undefined;
    const [key] = await query.execute({ hash: hashOf(text) });
    return key;
  };
}

/** Whoever makes and rotates keys can give itself one without limits. */
function requireBinding({ scopes, models, cap }: KeyOptions): void {
  if (!scopes.includes("keys") || (models === undefined && cap === undefined)) return;
  throw new R3mesError({ code: "KEY_LIMITS_EVADABLE", field: "scopes" });
}

function requireOpen({ revokedAt, expiresAt }: KeyRecord, nowMs: number): void {
  if (revokedAt !== null) throw new R3mesError({ code: "KEY_REVOKED" });
  if (expiresAt !== null && expiresAt.getTime() <= nowMs) {
    throw new R3mesError({ code: "KEY_EXPIRED", ...momentsOf(expiresAt, nowMs) });
  }
}

/** Whoever makes a key that opens nothing has another clock than this server. */
function requireFuture({ expiresAt }: KeyOptions, nowMs: number): void {
  if (expiresAt === undefined || expiresAt.getTime() > nowMs) return;
  const field = "expires_at";
  throw new R3mesError({ code: "KEY_END_PASSED", ...momentsOf(expiresAt, nowMs), field });
}

/** Of a key that was found by the text it had before. */
function requireGrace({ previousEndsAt }: KeyRecord, nowMs: number): void {
  const endsAt = previousEndsAt!;
  if (endsAt.getTime() <= nowMs) {
    throw new R3mesError({ code: "KEY_ROTATED", at: endsAt.toISOString() });
  }
}

function newText(randomness: Randomness): string {
  return `r3mes_${Buffer.from(randomness.bytes(32)).toString("base64url")}`;
}

/** What is kept of a key's text. */
function traceOf(text: string) {
  return { hash: hashOf(text), prefix: text.slice(0, 12) };
}

function hashOf(text: string): string {
  return hash("sha256", text);
}
