/** Who may ask: an address and a key are counted, a key is found, its credit is set aside. */
import { R3mesError } from "@r3mes/protocol";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Keys } from "../accounts/createKeys.ts";
import type { Ledger } from "../accounts/createLedger.ts";
import type { Access, RateState } from "./access.ts";

export interface AccessOptions {
  readonly requestsPerMinute: number;
  /** Of one address, whatever keys it uses; also what it may guess. */
  readonly requestsPerMinuteOfAddress: number;
}

export interface AccessDeps {
  readonly keys: Pick<Keys, "find">;
  readonly ledger: Pick<Ledger, "reserve">;
}

const minuteS = 60;

export function createAccess(options: AccessOptions, { keys, ledger }: AccessDeps): Access {
  const ofKeys = limiter("key", options.requestsPerMinute);
  const ofAddresses = limiter("address", options.requestsPerMinuteOfAddress);
  return {
    async admit({ authorization, address }, scope) {
      await ofAddresses(address);
      const text = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
      if (text === undefined) throw new R3mesError({ code: "KEY_MISSING" });
      const key = await keys.find(text, scope);
      const rate = await ofKeys(key.id);
      const owner = { id: key.id, account: key.accountId };
      return {
        key: key.id,
        account: key.accountId,
        rate,
        reserve: (credits) => ledger.reserve(owner, credits),
      };
    },
  };
}

/** Counts one request of somebody. Throws RATE_EXCEEDED. */
function limiter(keyPrefix: string, limit: number): (who: string) => Promise<RateState> {
  const counter = new RateLimiterMemory({ keyPrefix, points: limit, duration: minuteS });
  return async (who) => {
    try {
      const { remainingPoints, msBeforeNext } = await counter.consume(who);
      return { limit, remaining: remainingPoints, resetS: Math.ceil(msBeforeNext / 1000) };
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      const retryAfterS = Math.ceil(refused.msBeforeNext / 1000);
      throw new R3mesError({ code: "RATE_EXCEEDED", limit, retryAfterS });
    }
  };
}
