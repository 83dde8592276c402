/**
 * How often somebody may do something: counted in this process, or in a Redis server that several processes share. It must not know
 * who anybody is, nor what is done.
 */
import { R3mesError } from "@r3mes/protocol";
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from "rate-limiter-flexible";
import type { Redis } from "./openRedis.ts";

export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetS: number;
}

/** Counts one act of somebody. Throws RATE_EXCEEDED. */
export type Limiter = (who: string) => Promise<RateState>;

export interface Rates {
  /**
   * @param kind of act: each has counts of its own
   * @param limit acts of one person in a minute
   */
  limiter(kind: string, limit: number): Limiter;
}

const minuteS = 60;

export function memoryRates(): Rates {
  return {
    limiter: (keyPrefix, limit) =>
      limiterOf(limit, new RateLimiterMemory({ keyPrefix, points: limit, duration: minuteS })),
  };
}

/** While the server cannot be reached each process counts for itself: nobody is refused for that, and nobody is unlimited. */
export function redisRates(redis: Redis): Rates {
  return {
    limiter(kind, limit) {
      const own = { keyPrefix: kind, points: limit, duration: minuteS };
      const counter = new RateLimiterRedis({
        ...own,
        keyPrefix: `r3mes:rate:${kind}`,
        storeClient: redis.client,
        useRedisPackage: true,
        rejectIfRedisNotReady: true,
        insuranceLimiter: new RateLimiterMemory(own),
      });
      return limiterOf(limit, counter);
    },
  };
}

function limiterOf(limit: number, counter: RateLimiterAbstract): Limiter {
  return async (who) => {
    try {
      const { remainingPoints, msBeforeNext } = await counter.consume(who);
      return { limit, remaining: remainingPoints, resetS: secondsOf(msBeforeNext) };
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      const retryAfterS = secondsOf(refused.msBeforeNext);
      throw new R3mesError({ code: "RATE_EXCEEDED", limit, retryAfterS });
    }
  };
}

/** Counts end with a timer, and what is left is told by the wall clock: where that is set back, it is a minute at the most all the same. */
function secondsOf(ms: number): number {
  return Math.min(Math.ceil(ms / 1000), minuteS);
}
