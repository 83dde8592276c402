/**
 * The small server of a process on the loopback: `/livez` and `/readyz` for whoever restarts it, `/metrics` for Prometheus, `/status`
 * for its own people, and the same as it changes over a WebSocket. It answers GET alone and holds no state.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Health, HealthReport } from "./createHealth.ts";
import type { Metrics } from "./createMetrics.ts";
import { healthPaths } from "./healthPaths.ts";
import { type StatusStreamDeps, type StatusStreamOptions, streamStatus } from "./streamStatus.ts";

export interface OperationsOptions {
  /** 0 takes a free one. */
  readonly port: number;
}

export interface OperationsDeps {
  readonly health: Health;
  readonly metrics: Metrics;
  /** What the process says of itself, as plain data. */
  readonly status: () => unknown;
  /** If there, `/events` streams the status to whoever knows the token. */
  readonly stream?: StatusStreamOptions & Pick<StatusStreamDeps, "subscribe">;
}

export interface OperationsServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function serveOperations(
  { port }: OperationsOptions,
  deps: OperationsDeps,
): Promise<OperationsServer> {
  const server = createServer((request, response) => {
    const isLocal = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? "");
    // A page of another site must not read a miner's numbers through a name that it points at us.
    if (!isLocal || request.method !== "GET") return answer(response, 403, { error: "refused" });
    void respond(request.url ?? "/", response, deps).catch(() => response.destroy());
  });
  const { stream, status } = deps;
  const endStream =
    stream && streamStatus(server, stream, { ...stream, text: () => textOf(status()) });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        endStream?.();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(url: string, response: ServerResponse, deps: OperationsDeps): Promise<void> {
  switch (url.split("?")[0]) {
    case healthPaths.live:
      return answerHealth(response, deps.health.live());
    case healthPaths.ready:
      return answerHealth(response, await deps.health.ready());
    case "/metrics": {
      const text = await deps.metrics.render();
      response.writeHead(200, { "content-type": deps.metrics.contentType }).end(text);
      return;
    }
    case "/status":
      return answer(response, 200, deps.status());
    default:
      return answer(response, 404, { error: "not found" });
  }
}

function answerHealth(response: ServerResponse, report: HealthReport): void {
  answer(response, report.status === "failed" ? 503 : 200, report);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(textOf(body));
}

function textOf(body: unknown): string {
  return JSON.stringify(body, (_key, value) => (typeof value === "bigint" ? String(value) : value));
}
