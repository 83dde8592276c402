/**
 * What the faucet has promised and given. Of two that ask at once one gets it: whoever promises holds a lock of the database and writes
 * the gift down before it lets go. It must not know a chain beyond its name, nor send anything.
 */
import type { SignedTransaction } from "@r3mes/chain-client";
import { accounts, type Database } from "@r3mes/database";
import { fromHex, R3mesError, toHex } from "@r3mes/protocol";
import type { Clock } from "@r3mes/service";
import { and, asc, desc, eq, gt, isNull, lt, lte, sql } from "drizzle-orm";
import type { NewId } from "../accounts/newId.ts";

export interface GiftLimits {
  /** What one gift holds. */
  readonly uremes: bigint;
  /** What all gifts of 24 hours may hold together. */
  readonly uremesPerDay: bigint;
  /** How long an account, and a network address, waits for its next gift. */
  readonly cooldownS: number;
}

export interface GiftBookDeps {
  readonly database: Pick<Database, "sql">;
  readonly clock: Clock;
  readonly newId: NewId;
}

export interface OpenGift {
  readonly id: string;
  /** Null if it was never signed. */
  readonly signed: SignedTransaction | null;
}

export interface GiftBook {
  /** Writes a gift down. Returns its id. Throws FAUCET_WAIT, FAUCET_EMPTY. */
  promise(chainId: string, address: string, client: string): Promise<string>;
  /** What may still be given in the 24 hours that end now. */
  left(chainId: string): Promise<bigint>;
  /** Writes down the bytes that are about to leave. */
  sign(id: string, signed: SignedTransaction): Promise<void>;
  give(id: string, height: bigint): Promise<void>;
  /** It will never be given: whoever asked may ask again. */
  takeBack(id: string): Promise<void>;
  /** Those that were promised so long ago and not given. */
  open(chainId: string, olderThanMs: number): Promise<readonly OpenGift[]>;
}

type Reads = Pick<Database["sql"], "select">;

/** Number of the advisory lock under which gifts are promised: "GIFT" in ASCII. */
const promiseLock = 0x47494654;
const dayMs = 86_400_000;
const { gifts } = accounts;

export function createGiftBook(limits: GiftLimits, deps: GiftBookDeps): GiftBook {
  const { clock } = deps;
  const db = deps.database.sql;
  const ago = (ms: number) => new Date(clock.nowMs() - ms);
  const today = (chainId: string) =>
    and(eq(gifts.chainId, chainId), gt(gifts.createdAt, ago(dayMs)));

  async function left(reads: Reads, chainId: string): Promise<bigint> {
    const given = sql<string>`coalesce(sum(${gifts.uremes}), 0)`;
    const [row] = await reads.select({ given }).from(gifts).where(today(chainId));
    return limits.uremesPerDay - BigInt(row!.given);
  }

  /** How long until a moment, in whole seconds; 0 if it has passed. */
  const secondsUntil = (ms: number) => Math.max(0, Math.ceil((ms - clock.nowMs()) / 1000));

  async function requireCooled(
    reads: Reads,
    chainId: string,
    [whom, who]: readonly ["account" | "network address", string],
  ): Promise<void> {
    const column = whom === "account" ? gifts.address : gifts.client;
    const [newest] = await reads
      .select()
      .from(gifts)
      // A clock that was ahead and was set right must not keep anybody waiting for a moment that it named.
      .where(and(eq(column, who), eq(gifts.chainId, chainId), lte(gifts.createdAt, ago(0))))
      .orderBy(desc(gifts.createdAt))
      .limit(1);
    const { cooldownS } = limits;
    const retryAfterS =
      newest === undefined ? 0 : secondsUntil(newest.createdAt.getTime() + 1000 * cooldownS);
    if (retryAfterS > 0)
      throw new R3mesError({ code: "FAUCET_WAIT", whom, cooldownS, retryAfterS });
  }

  async function requireLeft(reads: Reads, chainId: string): Promise<void> {
    if ((await left(reads, chainId)) >= limits.uremes) return;
    const [oldest] = await reads
      .select()
      .from(gifts)
      .where(today(chainId))
      .orderBy(asc(gifts.createdAt))
      .limit(1);
    const freeAtMs = (oldest?.createdAt.getTime() ?? clock.nowMs()) + dayMs;
    throw new R3mesError({ code: "FAUCET_EMPTY", retryAfterS: secondsUntil(freeAtMs) });
  }

  return {
    promise: (chainId, address, client) =>
      db.transaction(async (tx) => {
        await tx.execute(sql`select pg_advisory_xact_lock(${promiseLock})`);
        await requireCooled(tx, chainId, ["account", address]);
        await requireCooled(tx, chainId, ["network address", client]);
        await requireLeft(tx, chainId);
        const id = deps.newId("gift");
        const { uremes } = limits;
        const createdAt = new Date(clock.nowMs());
        await tx.insert(gifts).values({ id, address, chainId, client, uremes, createdAt });
        return id;
      }),
    left: (chainId) => left(db, chainId),
    async sign(id, { bytes, timeout, signedAt }) {
      const transaction = toHex(bytes);
      await db.update(gifts).set({ transaction, timeout, signedAt }).where(eq(gifts.id, id));
    },
    async give(id, height) {
      await db.update(gifts).set({ height }).where(eq(gifts.id, id));
    },
    async takeBack(id) {
      await db.delete(gifts).where(eq(gifts.id, id));
    },
    async open(chainId, olderThanMs) {
      const old = and(isNull(gifts.height), lt(gifts.createdAt, ago(olderThanMs)));
      const records = await db
        .select()
        .from(gifts)
        .where(and(old, eq(gifts.chainId, chainId)));
      return records.map(({ id, transaction, timeout, signedAt }) => {
        if (transaction === null || timeout === null || signedAt === null) {
          return { id, signed: null };
        }
        return { id, signed: { bytes: fromHex(transaction), timeout, signedAt } };
      });
    },
  };
}
