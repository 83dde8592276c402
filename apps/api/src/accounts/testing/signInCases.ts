/** What holds of signing in, whichever server holds the tables. Signatures are made by CosmJS's wallet. */
import { accounts, type Database } from "@r3mes/database";
import { systemRandomness } from "@r3mes/service";
import { manualClock } from "@r3mes/service/testing";
import { eq } from "drizzle-orm";
import { expect } from "vitest";
import { testWallet } from "../../testing/testWallet.ts";
import { createKeys } from "../createKeys.ts";
import { createLedger } from "../createLedger.ts";
import { createSignIn } from "../createSignIn.ts";
import { newIdFrom } from "../newId.ts";
import { type Cases, code, keysLimits } from "./testAccount.ts";

const hourMs = 3_600_000;

/** A wallet, and what the routes make of its answer. */
async function signer() {
  const wallet = await testWallet();
  return {
    address: wallet.address,
    async sign(text: string) {
      const { pub_key: key, signature } = await wallet.signArbitrary(text);
      const publicKey = Buffer.from(key.value, "base64");
      return { publicKey, signature: Buffer.from(signature, "base64") };
    },
  };
}

function setup(database: Database, own: { domain?: string; chainId?: string } = {}) {
  const clock = manualClock(1_000_000);
  const newId = newIdFrom(systemRandomness);
  const deps = { database, clock, randomness: systemRandomness, newId };
  const keys = createKeys(keysLimits, deps);
  const ledger = createLedger(deps);
  const { domain = "api.example", chainId = "remesdev-1" } = own;
  const signIn = createSignIn(
    { domain, sessionMs: hourMs, welcomeCredits: 500 },
    { ...deps, keys, ledger, chainId: async () => chainId },
  );
  return { clock, keys, signIn };
}

async function accountsOf(database: Database, address: string) {
  const table = accounts.accounts;
  return database.sql.select().from(table).where(eq(table.address, address));
}

export const signInCases: Cases = {
  async "a signature opens a session of its account, which is made once and welcomed once"(
    database,
  ) {
    const { signIn, keys } = setup(database);
    const wallet = await signer();
    for (let i = 0; i < 2; i += 1) {
      const { nonce, text } = await signIn.challenge(wallet.address);
      const session = await signIn.answer({ nonce, ...(await wallet.sign(text)) });
      expect(session.address).toBe(wallet.address);
      const [account] = await accountsOf(database, wallet.address);
      expect(await keys.find(session.text, "keys")).toMatchObject({ accountId: account!.id });
      expect(account!.credits).toBe(500);
    }
    expect((await accountsOf(database, wallet.address)).length).toBe(1);
  },
  async "a text names the server, the chain and the account, and never comes twice"(database) {
    const { signIn } = setup(database);
    const { address } = await signer();
    const [one, two] = [await signIn.challenge(address), await signIn.challenge(address)];
    expect(one.nonce).not.toBe(two.nonce);
    for (const part of ["api.example", "remesdev-1", address, one.nonce]) {
      expect(one.text).toContain(part);
    }
    await expect(signIn.challenge("remes1nobody")).rejects.toThrow(code("ADDRESS_INVALID"));
  },
  async "a text is answered once, even by two at once, and never after its end"(database) {
    const { signIn, clock } = setup(database);
    const wallet = await signer();
    const { nonce, text } = await signIn.challenge(wallet.address);
    const answer = { nonce, ...(await wallet.sign(text)) };
    const tries = await Promise.allSettled(Array.from({ length: 4 }, () => signIn.answer(answer)));
    const refused = tries.filter((result) => result.status === "rejected");
    expect(refused.length).toBe(3);
    for (const { reason } of refused) expect(reason).toEqual(code("SIGN_IN_UNKNOWN"));
    const late = await signIn.challenge(wallet.address);
    await clock.advance(300_000);
    const signature = await wallet.sign(late.text);
    await expect(signIn.answer({ nonce: late.nonce, ...signature })).rejects.toThrow(
      code("SIGN_IN_EXPIRED"),
    );
  },
  async "another text, another account's signature, another server or chain open nothing"(
    database,
  ) {
    const { signIn } = setup(database);
    const [wallet, stranger] = [await signer(), await signer()];
    const lies = [
      async (text: string) => wallet.sign(`${text} `),
      async (text: string) => stranger.sign(text),
      async (text: string) => ({ ...(await wallet.sign(text)), signature: new Uint8Array(64) }),
    ];
    for (const lie of lies) {
      const { nonce, text } = await signIn.challenge(wallet.address);
      await expect(signIn.answer({ nonce, ...(await lie(text)) })).rejects.toThrow(
        code("SIGN_IN_SIGNATURE_WRONG"),
      );
      // Wrongly answered is answered.
      await expect(signIn.answer({ nonce, ...(await wallet.sign(text)) })).rejects.toThrow(
        code("SIGN_IN_UNKNOWN"),
      );
    }
    for (const elsewhere of [{ domain: "evil.example" }, { chainId: "remes-1" }]) {
      const { nonce, text } = await setup(database, elsewhere).signIn.challenge(wallet.address);
      await expect(signIn.answer({ nonce, ...(await wallet.sign(text)) })).rejects.toThrow(
        code("SIGN_IN_SIGNATURE_WRONG"),
      );
    }
    expect(await accountsOf(database, wallet.address)).toEqual([]);
  },
  async "a chain whose tokens are worth something welcomes nobody with credit"(database) {
    const { signIn } = setup(database, { chainId: "remes-1" });
    const wallet = await signer();
    const { nonce, text } = await signIn.challenge(wallet.address);
    await signIn.answer({ nonce, ...(await wallet.sign(text)) });
    expect((await accountsOf(database, wallet.address))[0]!.credits).toBe(0);
  },
};
