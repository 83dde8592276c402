/**
 * Accounts by the signature of a wallet: a text is given out, the wallet signs it (ADR-36), and whoever brings the signature gets a
 * session. The text names this server and this chain and is answered once, so that no signature made for another place or time opens
 * anything here. It must not ask a wallet for anything that a chain would execute.
 */
import { isSignedText } from "@r3mes/chain-client";
import { accounts, type Database } from "@r3mes/database";
import { decodeAddress, R3mesError, toHex } from "@r3mes/protocol";
import type { Clock, Randomness } from "@r3mes/service";
import { eq, lt } from "drizzle-orm";
import { isPlayChain } from "../chain/isPlayChain.ts";
import type { Keys, NewKey } from "./createKeys.ts";
import type { Ledger } from "./createLedger.ts";
import { momentsOf } from "./momentsOf.ts";
import type { NewId } from "./newId.ts";

export interface SignInOptions {
  /** What the text calls this server. */
  readonly domain: string;
  readonly sessionMs: number;
  /** Given to an account at its first sign-in, on a development or test chain alone. */
  readonly welcomeCredits: number;
}

export interface SignInDeps {
  readonly database: Pick<Database, "sql">;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly newId: NewId;
  readonly keys: Pick<Keys, "openSession">;
  readonly ledger: Pick<Ledger, "grant">;
  /** Of the chain that this server follows. Fails with SIGN_IN_CLOSED, NODE_UNREACHABLE. */
  readonly chainId: () => Promise<string>;
}

export interface Challenge {
  readonly nonce: string;
  /** What the wallet is to sign, letter by letter. */
  readonly text: string;
  readonly expiresAt: Date;
}

export interface Answer {
  readonly nonce: string;
  /** Compressed secp256k1, 33 bytes. */
  readonly publicKey: Uint8Array;
  /** r and s, 32 bytes each. */
  readonly signature: Uint8Array;
}

export interface Session extends NewKey {
  readonly address: string;
}

export interface SignIn {
  /** Throws ADDRESS_INVALID. */
  challenge(address: string): Promise<Challenge>;
  /** Throws SIGN_IN_UNKNOWN, SIGN_IN_EXPIRED, SIGN_IN_SIGNATURE_WRONG. A text that was answered wrongly is gone too. */
  answer(answer: Answer): Promise<Session>;
}

/** Long enough to read the text and to find the wallet's button. */
const challengeMs = 300_000;

export function createSignIn(options: SignInOptions, deps: SignInDeps): SignIn {
  const { database, clock, keys, ledger } = deps;
  const { challenges } = accounts;
  const expiryOf = (issuedAt: Date) => new Date(issuedAt.getTime() + challengeMs);

  /** Made anew from what is stored, so that only this server's name and this chain's can be in it. */
  async function textOf({ nonce, address, issuedAt }: typeof challenges.$inferSelect) {
    return [
      `${options.domain} asks you to sign in with the account`,
      address,
      "",
      "Signing this sends nothing to the chain and costs nothing.",
      "",
      `Chain: ${await deps.chainId()}`,
      `Nonce: ${nonce}`,
      `Issued: ${issuedAt.toISOString()}`,
      `Ends: ${expiryOf(issuedAt).toISOString()}`,
    ].join("\n");
  }

  async function accountOf(address: string): Promise<string> {
    const table = accounts.accounts;
    const fresh = { id: deps.newId("account"), address, createdAt: new Date(clock.nowMs()) };
    await database.sql.insert(table).values(fresh).onConflictDoNothing();
    const [account] = await database.sql.select().from(table).where(eq(table.address, address));
    const { id } = account!;
    if (options.welcomeCredits > 0 && isPlayChain(await deps.chainId())) {
      await ledger.grant(id, options.welcomeCredits, `welcome_${id}`);
    }
    return id;
  }

  return {
    async challenge(address) {
      decodeAddress(address);
      const issuedAt = new Date(clock.nowMs());
      const challenge = { nonce: toHex(deps.randomness.bytes(16)), address, issuedAt };
      const text = await textOf(challenge);
      const before = new Date(clock.nowMs() - challengeMs);
      await database.sql.delete(challenges).where(lt(challenges.issuedAt, before));
      await database.sql.insert(challenges).values(challenge);
      return { nonce: challenge.nonce, text, expiresAt: expiryOf(issuedAt) };
    },
    async answer({ nonce, publicKey, signature }) {
      // Taken away before it is looked at: of two that come at once, one finds it.
      const [challenge] = await database.sql
        .delete(challenges)
        .where(eq(challenges.nonce, nonce))
        .returning();
      if (challenge === undefined) throw new R3mesError({ code: "SIGN_IN_UNKNOWN" });
      const endsAt = expiryOf(challenge.issuedAt);
      if (endsAt.getTime() <= clock.nowMs()) {
        throw new R3mesError({ code: "SIGN_IN_EXPIRED", ...momentsOf(endsAt, clock.nowMs()) });
      }
      const { address } = challenge;
      const text = await textOf(challenge);
      if (!isSignedText({ address, text, publicKey, signature })) {
        throw new R3mesError({ code: "SIGN_IN_SIGNATURE_WRONG", address });
      }
      const session = await keys.openSession(await accountOf(address), options.sessionMs);
      return { ...session, address };
    },
  };
}
