/** Tokens for whoever begins on a development or test chain. Amounts are whole uremes, written as text. */
import { R3mesError } from "@r3mes/protocol";
import { z } from "zod";
import type { Access } from "../access/access.ts";
import type { RoutePlugin } from "../apiServer.ts";
import { errorBody } from "../errors/errorBody.ts";
import type { Faucet } from "./createFaucet.ts";

export interface FaucetRouteDeps {
  readonly access: Pick<Access, "knock">;
  /** Absent where the operator opened none. */
  readonly faucet?: Faucet;
}

const uremes = z.string().regex(/^\d+$/);

const faucetState = z
  .object({
    chain_id: z.string(),
    uremes: uremes.describe("What one gift holds."),
    cooldown_s: z.int().describe("How long an account, and a network address, waits."),
    uremes_left: uremes.describe("What may still be given today."),
  })
  .meta({ id: "Faucet" });

const gift = z
  .object({
    address: z.string(),
    uremes,
    height: z.string().describe("Of the block that holds the transfer."),
  })
  .meta({ id: "Gift" });

const failures = { 400: errorBody, 403: errorBody, 429: errorBody, 503: errorBody };

export function faucetRoutes({ access, faucet }: FaucetRouteDeps): RoutePlugin {
  function open(): Faucet {
    if (faucet !== undefined) return faucet;
    throw new R3mesError({ code: "FAUCET_CLOSED", reason: "its operator gave it no key" });
  }
  return async (server) => {
    server.get(
      "/faucet",
      {
        schema: {
          tags: ["accounts"],
          summary: "What the faucet of a development or test chain gives",
          response: { 200: faucetState, ...failures },
        },
      },
      async () => {
        const state = await open().state();
        return {
          chain_id: state.chainId,
          uremes: String(state.uremes),
          cooldown_s: state.cooldownS,
          uremes_left: String(state.uremesLeft),
        };
      },
    );
    server.post(
      "/faucet",
      {
        schema: {
          tags: ["accounts"],
          summary: "Send tokens that are worth nothing to an address, once in a while",
          body: z.object({ address: z.string().max(64) }).meta({ id: "GiftRequest" }),
          response: { 200: gift, ...failures },
        },
      },
      async (request) => {
        await access.knock(request.ip);
        const { address } = request.body;
        const { uremes: given, height } = await open().give(address, request.ip);
        return { address, uremes: String(given), height: String(height) };
      },
    );
  };
}
