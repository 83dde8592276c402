/** Signing in with a wallet: a text to sign, and a session for its signature. */
import type { WalletChainInfo } from "@r3mes/chain-client";
import { z } from "zod";
import type { Access } from "../access/access.ts";
import type { RoutePlugin } from "../apiServer.ts";
import { errorBody } from "../errors/errorBody.ts";
import type { SignIn } from "./createSignIn.ts";
import { describeKey, keyReply } from "./keyReply.ts";

export interface SignInRouteDeps {
  readonly access: Pick<Access, "knock">;
  readonly signIn: SignIn;
  readonly walletChain: () => Promise<WalletChainInfo | null>;
}

const currency = z.object({
  coinDenom: z.string(),
  coinMinimalDenom: z.string(),
  coinDecimals: z.int(),
});

const chainOffer = z
  .object({
    chain: z
      .object({
        chainId: z.string(),
        chainName: z.string(),
        rpc: z.string(),
        rest: z.string(),
        bip44: z.object({ coinType: z.int() }),
        bech32Config: z.record(z.string(), z.string()),
        currencies: z.array(currency),
        feeCurrencies: z.array(
          currency.extend({
            gasPriceStep: z.object({ low: z.number(), average: z.number(), high: z.number() }),
          }),
        ),
        stakeCurrency: currency,
      })
      .nullable()
      .describe(
        "The argument of a wallet's experimentalSuggestChain; null where no node is named that wallets may use.",
      ),
  })
  .meta({ id: "WalletChain" });

const challenge = z
  .object({
    nonce: z.string(),
    text: z.string().describe("What the wallet signs, letter by letter, by its signArbitrary."),
    expires_at: z.string(),
  })
  .meta({ id: "SignInChallenge" });

/** As Keplr's `signArbitrary` gives it, with the nonce. */
const answer = z
  .object({
    nonce: z.string().max(64),
    pub_key: z.object({
      type: z.literal("tendermint/PubKeySecp256k1"),
      value: z.base64().max(64).describe("33 bytes."),
    }),
    signature: z.base64().max(128).describe("64 bytes: r and s, of the text by ADR-36."),
  })
  .meta({ id: "SignInAnswer" });

const session = z
  .object({
    address: z.string(),
    key: z.string().describe("Opens what a key opens, until the session ends; shown this once."),
    record: keyReply,
  })
  .meta({ id: "Session" });

const failures = { 400: errorBody, 403: errorBody, 429: errorBody, 503: errorBody };

export function signInRoutes({ access, signIn, walletChain }: SignInRouteDeps): RoutePlugin {
  return async (server) => {
    server.get(
      "/sign-in/chain",
      {
        schema: {
          tags: ["accounts"],
          summary: "The chain as a wallet that does not know it must be told of it",
          response: { 200: chainOffer, ...failures },
        },
      },
      async (request) => {
        await access.knock(request.ip);
        return { chain: (await walletChain()) as z.infer<typeof chainOffer>["chain"] };
      },
    );
    server.post(
      "/sign-in/challenge",
      {
        schema: {
          tags: ["accounts"],
          summary: "A text to sign, which names this server and its chain and can be used once",
          body: z.object({ address: z.string().max(64) }).meta({ id: "SignInRequest" }),
          response: { 200: challenge, ...failures },
        },
      },
      async (request) => {
        await access.knock(request.ip);
        const { nonce, text, expiresAt } = await signIn.challenge(request.body.address);
        return { nonce, text, expires_at: expiresAt.toISOString() };
      },
    );
    server.post(
      "/sign-in",
      {
        schema: {
          tags: ["accounts"],
          summary: "A session for the signature of a text",
          description:
            "The account is made at its first sign-in. DELETE /v1/key with the session's key signs out.",
          body: answer,
          response: { 200: session, 401: errorBody, ...failures },
        },
      },
      async (request) => {
        await access.knock(request.ip);
        const { nonce, pub_key: publicKey, signature } = request.body;
        const opened = await signIn.answer({
          nonce,
          publicKey: Buffer.from(publicKey.value, "base64"),
          signature: Buffer.from(signature, "base64"),
        });
        return { address: opened.address, key: opened.text, record: describeKey(opened.record) };
      },
    );
  };
}
