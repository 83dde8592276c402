/** What holds of the faucet, whichever server holds the tables. The chain is one that the case commands. */
import type { Inclusion, SignedTransaction } from "@r3mes/chain-client";
import { accounts, type Database } from "@r3mes/database";
import { encodeAddress, R3mesError } from "@r3mes/protocol";
import { systemRandomness } from "@r3mes/service";
import { manualClock } from "@r3mes/service/testing";
import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { newIdFrom } from "../../accounts/newId.ts";
import { type Cases, code } from "../../accounts/testing/testAccount.ts";
import { createFaucet, type FaucetOptions } from "../createFaucet.ts";
import type { FaucetChain } from "../faucetChain.ts";

const hourMs = 3_600_000;
const anybody = () => encodeAddress(systemRandomness.bytes(20));

/** Sends nothing; keeps what it was given. */
function testChain(chainId: string) {
  const offered: string[] = [];
  const chain = {
    chainId: async () => chainId,
    sign: async (address: string, uremes: bigint): Promise<SignedTransaction> => ({
      bytes: new TextEncoder().encode(`${uremes} to ${address}`),
      timeout: 9n,
      signedAt: 3n,
    }),
    finish: async ({ bytes }: SignedTransaction): Promise<Inclusion> => {
      offered.push(new TextDecoder().decode(bytes));
      return { height: 7n } as Inclusion;
    },
  } satisfies FaucetChain;
  return { chain, offered };
}

/** Each case has a chain of its own name, so that no gift of another counts. */
let chains = 0;

function setup(database: Database, own: Partial<FaucetOptions> & { chainId?: string } = {}) {
  chains += 1;
  const { chainId = `remestest-${chains}`, ...limits } = own;
  const clock = manualClock(1_000_000_000);
  const { chain, offered } = testChain(chainId);
  const options = { uremes: 10n, uremesPerDay: 1_000n, cooldownS: 3_600, ...limits };
  const deps = { database, clock, newId: newIdFrom(systemRandomness) };
  const open = (other: FaucetChain = chain) => createFaucet(options, { ...deps, chain: other });
  return { clock, chain, offered, open, faucet: open() };
}

export const faucetCases: Cases = {
  async "an address gets a gift once in a while, and is told when to come back"(database) {
    const { faucet, offered, clock } = setup(database);
    const address = anybody();
    expect(await faucet.give(address, "192.0.2.1")).toEqual({ uremes: 10n, height: 7n });
    await clock.advance(60_000);
    await expect(faucet.give(address, "192.0.2.2")).rejects.toThrow(
      expect.objectContaining({
        code: "FAUCET_WAIT",
        facts: { whom: "account", cooldownS: 3_600, retryAfterS: 3_540 },
      }),
    );
    await expect(faucet.give(anybody(), "192.0.2.1")).rejects.toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ whom: "network address" }) }),
    );
    await clock.advance(hourMs);
    await faucet.give(address, "192.0.2.1");
    expect(offered).toEqual([`10 to ${address}`, `10 to ${address}`]);
  },
  async "a network of IPv6 waits as one address does"(database) {
    const { faucet } = setup(database);
    await faucet.give(anybody(), "2001:db8::1");
    await expect(faucet.give(anybody(), "2001:db8::2:1")).rejects.toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ whom: "network address" }) }),
    );
    await faucet.give(anybody(), "2001:db8:0:1::1");
  },
  async "of many at once one gets it"(database) {
    const { faucet, offered } = setup(database);
    const address = anybody();
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => faucet.give(address, `10.0.0.${i}`)),
    );
    expect(tries.filter(({ status }) => status === "fulfilled").length).toBe(1);
    expect(offered.length).toBe(1);
  },
  async "a day has its limit"(database) {
    const { faucet, clock } = setup(database, { uremesPerDay: 25n });
    for (const client of ["192.0.2.1", "192.0.2.2"]) {
      await faucet.give(anybody(), client);
      await clock.advance(1_000);
    }
    expect((await faucet.state()).uremesLeft).toBe(5n);
    await expect(faucet.give(anybody(), "192.0.2.3")).rejects.toThrow(
      expect.objectContaining({ code: "FAUCET_EMPTY", facts: { retryAfterS: 24 * 3_600 - 2 } }),
    );
    await clock.advance(24 * hourMs);
    await faucet.give(anybody(), "192.0.2.3");
  },
  async "a clock that was ahead and was set right keeps nobody waiting, and what it gave counts still"(
    database,
  ) {
    const { faucet, clock } = setup(database, { uremesPerDay: 20n });
    const address = anybody();
    await faucet.give(address, "192.0.2.1");
    const later = new Date(clock.nowMs() + 5 * hourMs);
    const { gifts } = accounts;
    await database.sql.update(gifts).set({ createdAt: later }).where(eq(gifts.address, address));
    await faucet.give(address, "192.0.2.1");
    await expect(faucet.give(address, "192.0.2.1")).rejects.toThrow(code("FAUCET_WAIT"));
    await expect(faucet.give(anybody(), "192.0.2.2")).rejects.toThrow(code("FAUCET_EMPTY"));
  },
  async "a gift that could not be sent does not count"(database) {
    const { chain, open, faucet } = setup(database);
    const address = anybody();
    const refused = new R3mesError({ code: "CHAIN_REFUSED", codespace: "sdk", number: 5, log: "" });
    for (const broken of ["sign", "finish"] as const) {
      const poor = open({ ...chain, [broken]: () => Promise.reject(refused) });
      await expect(poor.give(address, "192.0.2.1")).rejects.toThrow(code("CHAIN_REFUSED"));
    }
    await faucet.give(address, "192.0.2.1");
  },
  async "what a killed process had signed is sent again, byte for byte, and what it had not is free"(
    database,
  ) {
    const { chain, open, faucet, offered, clock } = setup(database);
    const [signed, unsigned] = [anybody(), anybody()];
    const away = new R3mesError({ code: "NODE_UNREACHABLE", url: "http://x", reason: "away" });
    const cutOff = open({ ...chain, finish: () => Promise.reject(away) });
    await expect(cutOff.give(signed, "192.0.2.1")).rejects.toThrow(code("NODE_UNREACHABLE"));
    // Killed between its promise and its signature: the row is all that is left.
    const [left] = (await database.sql.select().from(accounts.gifts)).filter(
      (gift) => gift.address === signed,
    );
    const bare = { transaction: null, timeout: null, signedAt: null };
    await database.sql.insert(accounts.gifts).values({
      ...left!,
      ...bare,
      id: `gift of ${unsigned}`,
      address: unsigned,
      client: "192.0.2.2",
    });
    expect(await faucet.recover()).toBe(0);
    await expect(faucet.give(signed, "192.0.2.3")).rejects.toThrow(code("FAUCET_WAIT"));
    await clock.advance(61_000);
    expect(await faucet.recover()).toBe(2);
    expect(offered).toEqual([`10 to ${signed}`]);
    expect(await faucet.recover()).toBe(0);
    await faucet.give(unsigned, "192.0.2.2");
    await expect(faucet.give(signed, "192.0.2.3")).rejects.toThrow(code("FAUCET_WAIT"));
  },
  async "on a chain whose tokens are worth something it is closed"(database) {
    const { faucet, offered } = setup(database, { chainId: "remes-1" });
    await expect(faucet.give(anybody(), "192.0.2.1")).rejects.toThrow(code("FAUCET_CLOSED"));
    await expect(faucet.state()).rejects.toThrow(code("FAUCET_CLOSED"));
    expect(offered).toEqual([]);
  },
};
