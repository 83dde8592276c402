/** A connection to Redis that comes back by itself. It must not hold up a request: while it is away every command fails at once. */
import type { Logger } from "@r3mes/service";
import { createClient } from "@redis/client";

export type Redis = ReturnType<typeof openRedis>;

const reconnectMsMax = 2_000;

/** Returns before the server has answered: it may come up later. */
export function openRedis(url: string, log: Logger) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: (tries) => Math.min(100 * 2 ** tries, reconnectMsMax) },
  });
  let isAway = false;
  client.on("error", (error: unknown) => {
    // Once for each time that it goes, not for each try.
    if (!isAway) log.warn({ error }, "Redis is away: rates are counted in this process");
    isAway = true;
  });
  client.on("ready", () => {
    if (isAway) log.info({}, "Redis is back");
    isAway = false;
  });
  client.connect().catch(() => {});
  return {
    client,
    /** Rejects while the server is away. */
    async check(): Promise<string> {
      if (!client.isReady) throw new Error("it does not answer; rates are counted in this process");
      await client.ping();
      return "rates are counted there";
    },
    close: () => client.destroy(),
  };
}
