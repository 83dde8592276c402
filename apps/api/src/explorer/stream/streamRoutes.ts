/**
 * The live stream of network events, as server-sent events and over a WebSocket. Either resumes after the last id that a client has
 * seen. A client that reads slowly slows down its own stream alone: events wait in the tables, not in memory.
 */
import { once } from "node:events";
import { z } from "zod";
import type { ApiServer } from "../../apiServer.ts";
import { type EventPlace, type NetworkEvent, parseEventId } from "../networkEvent.ts";
import { event } from "../schemas/ledger.ts";
import type { Feed } from "./createFeed.ts";
import { createListeners, listenersLimits } from "./createListeners.ts";

const tags = ["explorer"];
const heartbeatMs = 15_000;
/** Bytes that a WebSocket may have unsent before its stream waits. */
const unsentMax = 1 << 20;
/** Messages of a client on a socket that only sends: more are not a mistake any more. */
const messagesMax = 20;

const kinds = z.enum(event.shape.kind.options);
const streamQuery = z.object({
  after: z.string().max(32).optional().describe("Id of the last event that was seen."),
  kinds: z
    .string()
    .max(200)
    .optional()
    .describe("Only these kinds, divided by commas.")
    .transform((text) => text?.split(","))
    .pipe(z.array(kinds).optional()),
});

type Wanted = { readonly kinds?: readonly NetworkEvent["kind"][] | undefined };

export function addStreamRoutes(server: ApiServer, feed: Feed): void {
  const listeners = createListeners(listenersLimits);
  server.addHook("preClose", async () => {
    listeners.abort();
  });

  /** Events for one client until it is gone; refuses clients beyond the limits. */
  function listen(address: string, after: EventPlace | undefined, { kinds: wanted }: Wanted) {
    const controller = listeners.enter(address);
    const isWanted = ({ kind }: NetworkEvent) => wanted === undefined || wanted.includes(kind);
    return { controller, isWanted, events: feed.follow(after, controller.signal) };
  }

  server.get(
    "/stream",
    {
      schema: {
        tags,
        summary: "Network events as server-sent events; `Last-Event-ID` or `after` resumes",
        querystring: streamQuery,
        headers: z.object({ "last-event-id": z.string().max(32).optional() }),
        produces: ["text/event-stream"],
        response: {
          200: z.string().describe("Each event: id, the kind as its name, a NetworkEvent."),
        },
      },
    },
    async ({ query, headers, ip }, reply) => {
      const seen = headers["last-event-id"] ?? query.after;
      const after = seen === undefined ? undefined : parseEventId(seen);
      const { controller, isWanted, events } = listen(ip, after, query);
      reply.hijack();
      const { raw } = reply;
      raw.on("close", () => controller.abort());
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      });
      raw.write(": connected\n\n");
      const heartbeat = setInterval(() => raw.write(": alive\n\n"), heartbeatMs);
      try {
        for await (const one of events) {
          if (!isWanted(one)) continue;
          const text = `id: ${one.id}\nevent: ${one.kind}\ndata: ${JSON.stringify(one)}\n\n`;
          if (!raw.write(text)) await once(raw, "drain", { signal: controller.signal });
        }
      } catch (error) {
        if (!controller.signal.aborted) server.log.error({ error }, "event stream failed");
      } finally {
        clearInterval(heartbeat);
        controller.abort();
        raw.end();
      }
    },
  );

  server.get(
    "/socket",
    { websocket: true, schema: { hide: true, querystring: streamQuery } },
    async (socket, { query, ip }) => {
      const after = query.after === undefined ? undefined : parseEventId(query.after);
      const { controller, isWanted, events } = listen(ip, after, query);
      let messages = 0;
      socket.on("close", () => controller.abort());
      socket.on("error", () => controller.abort());
      socket.on("message", () => {
        messages += 1;
        if (messages > messagesMax) socket.close(1008, "this socket only sends");
      });
      const heartbeat = setInterval(() => socket.ping(), heartbeatMs);
      try {
        for await (const one of events) {
          if (!isWanted(one)) continue;
          await new Promise<void>((resolve, reject) => {
            const sent = (error?: Error | null) => (error ? reject(error) : resolve());
            const isFull = socket.bufferedAmount > unsentMax;
            socket.send(JSON.stringify(one), isFull ? sent : undefined);
            if (!isFull) resolve();
          });
        }
      } catch (error) {
        if (!controller.signal.aborted) server.log.error({ error }, "event socket failed");
      } finally {
        clearInterval(heartbeat);
        controller.abort();
        socket.close();
      }
    },
  );
}
