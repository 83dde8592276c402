/** What holds of credit, whichever server holds the tables. */
import { accounts, type Database } from "@r3mes/database";
import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { type Cases, code, testAccount } from "./testAccount.ts";

export const ledgerCases: Cases = {
  async "what is set aside is settled by what was used, once"(database) {
    const { ledger, key, state } = await testAccount(database, 100);
    const reservation = await ledger.reserve(key, 60);
    expect(await state()).toEqual({ credits: 100, reserved: 60 });
    await reservation.settle(25);
    expect(await state()).toEqual({ credits: 75, reserved: 0 });
    await reservation.settle(25);
    expect(await state()).toEqual({ credits: 75, reserved: 0 });
  },
  async "no more is taken than was set aside"(database) {
    const { ledger, key, state } = await testAccount(database, 100);
    await (await ledger.reserve(key, 10)).settle(1_000);
    expect(await state()).toEqual({ credits: 90, reserved: 0 });
  },
  async "credit that is not there is refused with what is needed, and nothing changes"(database) {
    const { ledger, key, state } = await testAccount(database, 10);
    await ledger.reserve(key, 6);
    await expect(ledger.reserve(key, 5)).rejects.toThrow(
      expect.objectContaining({ code: "CREDIT_INSUFFICIENT", facts: { needed: 5, available: 4 } }),
    );
    expect(await state()).toEqual({ credits: 10, reserved: 6 });
  },
  async "many at once never take more than there is"(database) {
    const { ledger, key, state } = await testAccount(database, 100);
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, () => ledger.reserve(key, 9)),
    );
    const held = tries.filter((result) => result.status === "fulfilled");
    expect(held.length).toBe(11);
    expect(await state()).toEqual({ credits: 100, reserved: 99 });
    await Promise.all(held.map(({ value }) => value.settle(9)));
    expect(await state()).toEqual({ credits: 1, reserved: 0 });
  },
  async "a key with a cap spends no more than that"(database) {
    const { ledger, key } = await testAccount(database, 100, 20);
    await (await ledger.reserve(key, 20)).settle(15);
    await expect(ledger.reserve(key, 6)).rejects.toThrow(code("KEY_CAP_REACHED"));
    await (await ledger.reserve(key, 5)).settle(5);
  },
  async "what a process that ended had set aside is given back; to settle it then changes nothing"(
    database,
  ) {
    const { ledger, otherLedger, key, state } = await testAccount(database, 100);
    // Other tests leave some of their own.
    await ledger.release({ all: true });
    const reservation = await ledger.reserve(key, 60);
    for (let look = 0; look < 10; look += 1) {
      expect(await otherLedger.release({ all: false })).toBe(0);
    }
    expect(await otherLedger.release({ all: false })).toBe(1);
    expect(await state()).toEqual({ credits: 100, reserved: 0 });
    await reservation.settle(60);
    expect(await state()).toEqual({ credits: 100, reserved: 0 });
  },
  async "an answer that is under way keeps its reservation, however long it takes and whatever a clock says"(
    database,
  ) {
    const { ledger, otherLedger, key, state, clock } = await testAccount(database, 100);
    await ledger.release({ all: true });
    const reservation = await ledger.reserve(key, 60);
    for (let i = 0; i < 30; i += 1) {
      expect(await otherLedger.release({ all: false })).toBe(0);
      await clock.advance(59_999);
      if (i % 9 === 0) await ledger.renew();
    }
    expect(await ledger.release({ all: true })).toBe(0);
    await reservation.settle(60);
    expect(await state()).toEqual({ credits: 40, reserved: 0 });
  },
  async "a database that was away for everybody takes no reservation from an answer that is under way"(
    database,
  ) {
    const { ledger, otherLedger, key, state, clock } = await testAccount(database, 100);
    await ledger.release({ all: true });
    const reservation = await ledger.reserve(key, 60);
    expect(await otherLedger.release({ all: false })).toBe(0);
    // Nobody could renew and nobody could look.
    await clock.advance(3_600_000);
    expect(await otherLedger.release({ all: false })).toBe(0);
    await reservation.settle(60);
    expect(await state()).toEqual({ credits: 40, reserved: 0 });
  },
  async "an answer that ends while the database is away is paid for when it is back, once"(
    database,
  ) {
    const server = breakable(database);
    const { ledger, otherLedger, key, state } = await testAccount(server.database, 100);
    await ledger.release({ all: true });
    const reservation = await ledger.reserve(key, 60);
    server.goAway();
    await reservation.settle(25);
    await expect(ledger.renew()).rejects.toThrow();
    server.comeBack();
    expect(await state()).toEqual({ credits: 100, reserved: 60 });
    await ledger.renew();
    expect(await state()).toEqual({ credits: 75, reserved: 0 });
    await ledger.renew();
    expect(await otherLedger.release({ all: true })).toBe(0);
    expect(await state()).toEqual({ credits: 75, reserved: 0 });
  },
  async "what an answer owes is kept for it until it is paid, and dated when it ended"(database) {
    const server = breakable(database);
    const { ledger, key, state, spent, clock } = await testAccount(server.database, 100);
    await ledger.release({ all: true });
    const reservation = await ledger.reserve(key, 60);
    server.goAway();
    await reservation.settle(25);
    const endedAt = new Date(clock.nowMs());
    server.comeBack();
    await clock.advance(3_600_000);
    expect(await ledger.release({ all: true })).toBe(0);
    expect(await state()).toEqual({ credits: 100, reserved: 60 });
    await ledger.renew();
    expect(await spent()).toEqual([{ keyId: key.id, credits: -25, createdAt: endedAt }]);
  },
  async "what cannot be settled is no longer kept from those who give back"(database) {
    const server = breakable(database);
    const { ledger, key, state } = await testAccount(server.database, 100);
    await ledger.release({ all: true });
    const reservation = await ledger.reserve(key, 60);
    // Out of range: to try again would end alike.
    server.goAway("22003");
    await expect(reservation.settle(25)).rejects.toThrow("Failed query");
    server.comeBack();
    await ledger.renew();
    expect(await state()).toEqual({ credits: 100, reserved: 60 });
    expect(await ledger.release({ all: true })).toBe(1);
    expect(await state()).toEqual({ credits: 100, reserved: 0 });
  },
  async "a debt that can never be settled takes no reservation from an answer that is under way"(
    database,
  ) {
    const server = breakable(database);
    const { ledger, otherLedger, key, state, clock } = await testAccount(server.database, 100);
    await ledger.release({ all: true });
    const debt = await ledger.reserve(key, 60);
    const underWay = await ledger.reserve(key, 30);
    server.goAway();
    await debt.settle(25);
    let released = 0;
    const told: unknown[] = [];
    for (let i = 0; i < 15; i += 1) {
      server.comeBack();
      released += await otherLedger.release({ all: false });
      server.goAway("22003");
      await ledger.renew().catch((error) => told.push(error));
      await clock.advance(60_000);
    }
    server.comeBack();
    expect([released, told.length]).toEqual([1, 1]);
    expect(await state()).toEqual({ credits: 100, reserved: 30 });
    await underWay.settle(30);
    expect(await state()).toEqual({ credits: 70, reserved: 0 });
  },
  async "each answer that used something is one entry, and one that used nothing is none"(
    database,
  ) {
    const { ledger, key, spent, clock } = await testAccount(database, 100);
    await (await ledger.reserve(key, 60)).settle(0);
    expect(await spent()).toEqual([]);
    await clock.advance(5_000);
    await (await ledger.reserve(key, 60)).settle(1);
    const createdAt = new Date(clock.nowMs());
    expect(await spent()).toEqual([{ keyId: key.id, credits: -1, createdAt }]);
  },
  async "a key that has spent and set aside what it may is told how much that is"(database) {
    const { ledger, key, state } = await testAccount(database, 100, 20);
    await (await ledger.reserve(key, 9)).settle(4);
    await ledger.reserve(key, 10);
    await expect(ledger.reserve(key, 7)).rejects.toMatchObject({
      ...{ code: "KEY_CAP_REACHED", facts: { cap: 20, spent: 14, needed: 7 } },
    });
    expect(await state()).toEqual({ credits: 96, reserved: 10 });
  },
  async "what a key uses is no other key's, and it says when it was used last"(database) {
    const { ledger, keys, key, account, clock } = await testAccount(database, 100);
    const { record } = await keys.create({ account, label: "other", scopes: ["inference"] });
    await clock.advance(5_000);
    await (await ledger.reserve(key, 30)).settle(20);
    await ledger.reserve(key, 10);
    const table = accounts.keys;
    const found = await database.sql.select().from(table).where(eq(table.accountId, account));
    const books = new Map(found.map((one) => [one.id, one]));
    const lastUsedAt = new Date(clock.nowMs());
    expect(books.get(key.id)).toMatchObject({ spent: 20, reserved: 10, lastUsedAt });
    expect(books.get(record.id)).toMatchObject({ spent: 0, reserved: 0, lastUsedAt: null });
  },
  async "what is no number of credits changes nothing"(database) {
    const { ledger, key, state } = await testAccount(database, 100);
    for (const credits of [-1, 1.5, Number.NaN, 2 ** 53]) {
      await expect(ledger.reserve(key, credits)).rejects.toThrow("whole numbers");
      const reservation = await ledger.reserve(key, 10);
      await expect(reservation.settle(credits)).rejects.toThrow("whole numbers");
      expect(await state()).toEqual({ credits: 100, reserved: 10 });
      await reservation.settle(0);
    }
    expect(await state()).toEqual({ credits: 100, reserved: 0 });
  },
  async "a grant counts once"(database) {
    const { ledger, account, state } = await testAccount(database, 0);
    for (let i = 0; i < 3; i += 1) await ledger.grant(account, 7, `grant of ${account}`);
    expect(await state()).toEqual({ credits: 7, reserved: 0 });
  },
  async "a burst of answers that end as they will leaves the books in order"(database) {
    const { ledger, otherLedger, key, state } = await testAccount(database, 1_000);
    const answers = Array.from({ length: 24 }, async (_, i) => {
      const reservation = await ledger.reserve(key, 30);
      // A third settles in full, a third in part, a third is never heard of again.
      if (i % 3 < 2) await reservation.settle(i % 3 === 0 ? 30 : 7);
    });
    await Promise.all(answers);
    expect(await state()).toEqual({ credits: 1_000 - 8 * 30 - 8 * 7, reserved: 8 * 30 });
    await otherLedger.release({ all: true });
    expect(await state()).toEqual({ credits: 1_000 - 8 * 30 - 8 * 7, reserved: 0 });
  },
};

/** A database whose server can be away, or fail, for what is asked in plain words. */
function breakable(database: Database) {
  let failure = "";
  const execute: Database["sql"]["execute"] = (query) => {
    if (failure === "") return database.sql.execute(query);
    throw new Error("Failed query", { cause: Object.assign(new Error("said"), { code: failure }) });
  };
  const sql = new Proxy(database.sql, {
    get: (target, name) => (name === "execute" ? execute : Reflect.get(target, name)),
  });
  return {
    database: { ...database, sql },
    /** @param code of what every statement fails with; unless said, of a server that is shut down */
    goAway(code = "57P01") {
      failure = code;
    },
    comeBack() {
      failure = "";
    },
  };
}
