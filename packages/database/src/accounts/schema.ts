/**
 * The PostgreSQL schema that the API alone writes: keys, sign-ins, credits, gifts. It cannot be made again from the chain. Every sum
 * has its guard here, so that no mistake above can make credit negative.
 */
import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  index,
  integer,
  numeric,
  pgSchema,
  text,
  timestamp,
} from "drizzle-orm/pg-core";

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
    /** A session is a key that a signature opened: it ends by itself, and counts as no key of the account. */
    kind: text("kind", { enum: ["key", "session"] })
      .notNull()
      .default("key"),
    /** SHA-256 of the key, hex. The key itself is shown once and kept nowhere. */
    hash: text("hash").notNull().unique(),
    /** What it was before it was last rotated, and until when that is still taken. */
    previousHash: text("previous_hash").unique(),
    previousEndsAt: instant("previous_ends_at"),
    /** Its first characters, by which people tell keys apart. */
    prefix: text("prefix").notNull(),
    label: text("label").notNull(),
    scopes: text("scopes").array().notNull(),
    /** Names of the models that it may ask; null for all. */
    models: text("models").array(),
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
    // Whoever makes keys can make itself one without limits.
    check(
      "keys_manages",
      sql`'keys' <> ALL (${table.scopes}) OR (${table.models} IS NULL AND ${table.cap} IS NULL)`,
    ),
  ],
);

/** Texts that were given out to be signed. Each is answered once: whoever answers takes it away. */
export const challenges = accountsSchema.table(
  "challenges",
  {
    /** 16 random bytes, hex; part of the text. */
    nonce: text("nonce").primaryKey(),
    address: text("address").notNull(),
    issuedAt: instant("issued_at").notNull(),
  },
  (table) => [index("challenges_time").on(table.issuedAt)],
);

/**
 * What the faucet has promised: written before anything is signed, so that whoever asks twice at once is seen twice. Its rows are the
 * journal of its transactions as well.
 */
export const gifts = accountsSchema.table(
  "gifts",
  {
    id: text("id").primaryKey(),
    /** Who gets it, on which chain. */
    address: text("address").notNull(),
    chainId: text("chain_id").notNull(),
    /** Network address of who asked. */
    client: text("client").notNull(),
    uremes: numeric("uremes", { precision: 78, scale: 0, mode: "bigint" }).notNull(),
    createdAt: instant("created_at").notNull(),
    /** The signed transaction in hex, on disk before it leaves; absent before that. */
    transaction: text("transaction"),
    /** Chain time after which the transaction is dead, and the height at which it was signed. */
    timeout: numeric("timeout", { precision: 20, scale: 0, mode: "bigint" }),
    signedAt: numeric("signed_at", { precision: 20, scale: 0, mode: "bigint" }),
    /** Of the block that holds it. */
    height: numeric("height", { precision: 20, scale: 0, mode: "bigint" }),
  },
  (table) => [
    index("gifts_address").on(table.address, table.createdAt),
    index("gifts_client").on(table.client, table.createdAt),
    index("gifts_time").on(table.createdAt),
    check("gifts_uremes", sql`${table.uremes} > 0`),
  ],
);

/** Credit that is set aside for answers that are under way. */
export const reservations = accountsSchema.table("reservations", {
  id: text("id").primaryKey(),
  accountId: text("account_id").notNull(),
  keyId: text("key_id").notNull(),
  credits: credits("credits").notNull(),
  /** How often its process has said since that the answer is under way. */
  renewals: integer("renewals").notNull().default(0),
});

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
