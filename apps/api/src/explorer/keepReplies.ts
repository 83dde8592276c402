/**
 * Keeps what was read until the next block: a reply of the explorer is a function of the tables, and these change with blocks alone.
 * What depends on more (the node, the store) says so with `cache-control` and is not kept.
 */
import type { ApiServer } from "../apiServer.ts";

const repliesMax = 2_000;
const bytesMax = 64 << 20;

export function keepReplies(server: ApiServer, height: () => number): void {
  const kept = new Map<string, string>();
  let keptHeight = -1;
  let keptBytes = 0;

  function forgetOld(): void {
    if (keptHeight === height() && kept.size < repliesMax && keptBytes < bytesMax) return;
    kept.clear();
    keptBytes = 0;
    keptHeight = height();
  }

  server.addHook("preValidation", async (request, reply) => {
    reply.header("x-indexed-height", height());
    forgetOld();
    const known = kept.get(request.url);
    if (known === undefined || request.method !== "GET") return;
    await reply.type("application/json; charset=utf-8").send(known);
  });

  server.addHook("onSend", async (request, reply, payload) => {
    const isKept =
      request.method === "GET" &&
      reply.statusCode === 200 &&
      typeof payload === "string" &&
      !reply.hasHeader("cache-control") &&
      reply.getHeader("x-indexed-height") === keptHeight &&
      !kept.has(request.url);
    if (!isKept) return payload;
    kept.set(request.url, payload);
    keptBytes += payload.length;
    return payload;
  });
}
