/**
 * The PostgreSQL schema that the API alone writes: keys and credits. It cannot be made again from the chain. Every sum has its guard
 * here, so that no mistake above can make credit negative.
 */
import { sql } from "drizzle-orm";
import { bigint, check, index, pgSchema, text, timestamp } from "drizzle-orm/pg-core";

export const accountsSchema = pgSchema("accounts");

/** Whole credits; 2^53 of them are more than any account has. */
const credits = (name: string) => bigint(name, { mode: "number" });
const instant = (name: string) => timestamp(name, { withTimezone: true });

export const accounts = accountsSchema.table(
  "accounts",
  {
    id: text("id").primaryKey(),
    /** Who signs in for it; absent for the account of an installation. */
    address: text("address").unique(),
    /** What it has, reserved credits included: the sum of its entries. */
    credits: credits("credits").notNull().default(0),
    reserved: credits("reserved").notNull().default(0),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    check("accounts_reserved", sql`${table.reserved} >= 0`),
    check("accounts_credits", sql`${table.credits} >= ${table.reserved}`),
  ],
);

export const keys = accountsSchema.table(
  "keys",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    /** SHA-256 of the key, hex. The key itself is shown once and kept nowhere. */
    hash: text("hash").notNull().unique(),
    /** Its first characters, by which people tell keys apart. */
    prefix: text("prefix").notNull(),
    label: text("label").notNull(),
    scopes: text("scopes").array().notNull(),
    /** Credits that it may spend in all; null for as many as the account has. */
    cap: credits("cap"),
    spent: credits("spent").notNull().default(0),
    reserved: credits("reserved").notNull().default(0),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at"),
    revokedAt: instant("revoked_at"),
    lastUsedAt: instant("last_used_at"),
  },
  (table) => [
    index("keys_account").on(table.accountId),
    check("keys_reserved", sql`${table.reserved} >= 0`),
    check(
      "keys_cap",
      sql`${table.cap} IS NULL OR ${table.cap} >= ${table.spent} + ${table.reserved}`,
    ),
  ],
);

/** Credit that is set aside for answers that are under way. */
export const reservations = accountsSchema.table(
  "reservations",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id").notNull(),
    keyId: text("key_id").notNull(),
    credits: credits("credits").notNull(),
    /** Whoever made it has ended without settling when this has passed. */
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [index("reservations_expiry").on(table.expiresAt)],
);

/** Every change of an account's credits; nothing is ever changed here. */
export const entries = accountsSchema.table(
  "entries",
  {
    /** What it is for: the id of a reservation, or of a grant. A second entry with the same id is refused. */
    id: text("id").primaryKey(),
    accountId: text("account_id").notNull(),
    keyId: text("key_id"),
    kind: text("kind", { enum: ["grant", "spend"] }).notNull(),
    /** Positive for a grant, negative for what was spent. */
    credits: credits("credits").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [index("entries_account").on(table.accountId, table.createdAt)],
);
