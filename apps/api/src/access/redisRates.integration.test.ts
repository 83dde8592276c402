/** Rates on a real Redis server: the cases of rates in memory, and what only a server can do. */
import { randomUUID } from "node:crypto";
import { createLogger, systemClock } from "@r3mes/service";
import { requireServer } from "@r3mes/tools/requireServer";
import { type RedisServer, startRedis } from "@r3mes/tools/startRedis";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openRedis, type Redis } from "./openRedis.ts";
import { type Rates, redisRates } from "./rates.ts";
import { accessCases } from "./testing/accessCases.ts";

const found = requireServer("redis");
const log = createLogger(
  { name: "test", level: "silent", format: "json" },
  { stream: process.stderr, clock: systemClock },
);

async function opened(url: string): Promise<Redis> {
  const redis = openRedis(url, log);
  await vi.waitFor(redis.check, { timeout: 30_000 });
  return redis;
}

/** Counts of one test do not reach another. */
function rates(redis: Redis, space: string = randomUUID()): Rates {
  const shared = redisRates(redis);
  return { limiter: (kind, limit) => shared.limiter(`${space}:${kind}`, limit) };
}

describe("rates on Redis", () => {
  let server: RedisServer;
  let redis: Redis;
  beforeAll(async () => {
    if (!found.available) return;
    server = await startRedis(found.path);
    redis = await opened(server.url);
  });
  afterAll(async () => {
    redis?.close();
    await server?.stop();
  });

  for (const [behaviour, check] of Object.entries(accessCases)) {
    test(behaviour, async (context) => {
      if (!found.available) return context.skip(found.reason);
      await check(rates(redis));
    });
  }

  test("processes that share a server share its counts", async (context) => {
    if (!found.available) return context.skip(found.reason);
    const other = await opened(server.url);
    const [here, there] = [redis, other].map((one) => rates(one, "shared").limiter("key", 3));
    for (const remaining of [2, 1, 0]) {
      const count = remaining === 1 ? there! : here!;
      expect(await count("somebody")).toMatchObject({ limit: 3, remaining });
    }
    await expect(there!("somebody")).rejects.toThrow(/too many/i);
    other.close();
  });

  test("a server that goes away holds up nobody, and is used again when it is back", async (context) => {
    if (!found.available) return context.skip(found.reason);
    const first = await startRedis(found.path);
    const own = await opened(first.url);
    const count = rates(own, "away").limiter("key", 3);
    expect((await count("somebody")).remaining).toBe(2);
    await first.stop();
    await expect.poll(() => own.client.isReady).toBe(false);
    await expect(own.check()).rejects.toThrow("does not answer");
    // Counted in this process meanwhile: still limited.
    for (let i = 0; i < 3; i += 1) await count("somebody");
    await expect(count("somebody")).rejects.toThrow(/too many/i);
    const second = await startRedis(found.path, Number(new URL(first.url).port));
    await vi.waitFor(own.check, { timeout: 30_000 });
    expect((await count("somebody")).remaining).toBe(2);
    own.close();
    await second.stop();
  });
});
