import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createHealth } from "./createHealth.ts";
import { createMetrics } from "./createMetrics.ts";
import { type OperationsServer, serveOperations } from "./serveOperations.ts";
import { systemClock } from "./systemClock.ts";

const token = "a token that nobody guesses";
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function setup() {
  let height = 1n;
  const listeners = new Set<() => void>();
  const server: OperationsServer = await serveOperations(
    { port: 0 },
    {
      health: createHealth({ checks: [], timeoutMs: 1_000 }, { clock: systemClock }),
      metrics: createMetrics({ process: "test" }),
      status: () => ({ height }),
      stream: {
        token,
        subscribe(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
    },
  );
  cleanups.push(server.close);
  const url = `ws://127.0.0.1:${server.port}`;
  const grow = () => {
    height += 1n;
    for (const listener of listeners) listener();
  };
  return { server, url, grow, listeners };
}

function open(url: string, headers: Record<string, string> = {}): WebSocket {
  const socket = new WebSocket(url, { headers });
  cleanups.push(() => {
    // One that was refused has nothing to end.
    socket.on("error", () => {});
    socket.terminate();
  });
  return socket;
}

const next = async (socket: WebSocket) => String((await once(socket, "message"))[0]);

test("whoever knows the token hears the status, and each change of it", async () => {
  const { url, grow, server, listeners } = await setup();
  const socket = open(`${url}/events`, { authorization: `Bearer ${token}` });
  expect(await next(socket)).toBe('{"height":"1"}');
  const changed = next(socket);
  grow();
  expect(await changed).toBe('{"height":"2"}');
  const closed = once(socket, "close");
  await server.close();
  await closed;
  expect(listeners.size).toBe(0);
});

test("without the token, or anywhere else, there is no stream", async () => {
  const { url } = await setup();
  const statusOf = async (path: string) => {
    const [, response] = await once(open(`${url}${path}`), "unexpected-response");
    return response.statusCode;
  };
  expect(await statusOf("/events")).toBe(401);
  expect(await statusOf("/events?token=wrong")).toBe(401);
  expect(await statusOf(`/status?token=${token}`)).toBe(404);
  expect(await next(open(`${url}/events?token=${encodeURIComponent(token)}`))).toContain("height");
});

test("what is no path is refused, and whoever is refused keeps nothing open", async () => {
  const { server } = await setup();
  const socket = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true });
  cleanups.push(() => socket.destroy());
  socket.write(
    "GET // HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  );
  const [reply] = await once(socket, "data");
  expect(String(reply)).toContain("404");
  await server.close();
});
