/** API keys: made, shown once, found by their hash, taken back. The text of a key is kept nowhere. */
import { hash } from "node:crypto";
import { accounts, type Database } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import type { Clock, Randomness } from "@r3mes/service";
import { and, desc, eq, isNull } from "drizzle-orm";
import type { Scope } from "../access/access.ts";
import type { NewId } from "./newId.ts";

export type KeyRecord = typeof accounts.keys.$inferSelect;

export interface KeyOptions {
  readonly account: string;
  readonly label: string;
  readonly scopes: readonly Scope[];
  readonly cap?: number;
  readonly expiresAt?: Date;
}

export interface Keys {
  /** The only time that the key's text is known. */
  create(options: KeyOptions): Promise<{ readonly text: string; readonly record: KeyRecord }>;
  /** Throws KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED, KEY_SCOPE_MISSING. */
  find(text: string, scope: Scope): Promise<KeyRecord>;
  list(account: string): Promise<readonly KeyRecord[]>;
  /** From now on the key opens nothing. Throws KEY_NOT_FOUND. */
  revoke(account: string, id: string): Promise<KeyRecord>;
}

export interface KeysDeps {
  readonly database: Pick<Database, "sql">;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly newId: NewId;
}

const keyPattern = /^r3mes_[A-Za-z0-9_-]{43}$/;

export function createKeys({ database, clock, randomness, newId }: KeysDeps): Keys {
  const { keys } = accounts;
  return {
    async create({ account, label, scopes, cap, expiresAt }) {
      const text = `r3mes_${Buffer.from(randomness.bytes(32)).toString("base64url")}`;
      const [record] = await database.sql
        .insert(keys)
        .values({
          id: newId("key"),
          accountId: account,
          hash: hashOf(text),
          prefix: text.slice(0, 12),
          label,
          scopes: [...scopes],
          cap: cap ?? null,
          expiresAt: expiresAt ?? null,
          createdAt: new Date(clock.nowMs()),
        })
        .returning();
      return { text, record: record! };
    },
    async find(text, scope) {
      // Keys are long and random: a plain hash of one tells nothing, and equal hashes are equal keys.
      const [key] = keyPattern.test(text)
        ? await database.sql
            .select()
            .from(keys)
            .where(eq(keys.hash, hashOf(text)))
        : [];
      if (key === undefined) throw new R3mesError({ code: "KEY_UNKNOWN" });
      if (key.revokedAt !== null) throw new R3mesError({ code: "KEY_REVOKED" });
      if (key.expiresAt !== null && key.expiresAt.getTime() <= clock.nowMs()) {
        throw new R3mesError({ code: "KEY_EXPIRED", at: key.expiresAt.toISOString() });
      }
      if (!key.scopes.includes(scope)) throw new R3mesError({ code: "KEY_SCOPE_MISSING", scope });
      return key;
    },
    list: (account) =>
      database.sql
        .select()
        .from(keys)
        .where(eq(keys.accountId, account))
        .orderBy(desc(keys.createdAt)),
    async revoke(account, id) {
      const revokedAt = new Date(clock.nowMs());
      const own = and(eq(keys.id, id), eq(keys.accountId, account));
      await database.sql
        .update(keys)
        .set({ revokedAt })
        .where(and(own, isNull(keys.revokedAt)));
      const [key] = await database.sql.select().from(keys).where(own);
      if (key === undefined) throw new R3mesError({ code: "KEY_NOT_FOUND", key: id });
      return key;
    },
  };
}

function hashOf(text: string): string {
  return hash("sha256", text);
}
