import { request } from "node:http";
import { afterEach, expect, test } from "vitest";
import { createHealth } from "./createHealth.ts";
import { createMetrics } from "./createMetrics.ts";
import { type OperationsServer, serveOperations } from "./serveOperations.ts";
import { systemClock } from "./systemClock.ts";

let server: OperationsServer | undefined;
afterEach(() => server?.close());

async function start(isUp: () => boolean) {
  const check = async () => {
    if (!isUp()) throw new Error("down");
    return "up";
  };
  const health = createHealth(
    { checks: [{ name: "node", required: true, check }], timeoutMs: 1_000 },
    { clock: systemClock },
  );
  const metrics = createMetrics({ process: "test" });
  const status = () => ({ height: 12n });
  server = await serveOperations({ port: 0 }, { health, metrics, status });
  return `http://127.0.0.1:${server.port}`;
}

test("a process that lacks its node is alive and not ready", async () => {
  let isUp = false;
  const url = await start(() => isUp);
  expect((await fetch(`${url}/livez`)).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  isUp = true;
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

test("numbers and status are served, and nothing else", async () => {
  const url = await start(() => true);
  expect(await (await fetch(`${url}/metrics`)).text()).toContain("r3mes_process_cpu");
  expect(await (await fetch(`${url}/status`)).json()).toEqual({ height: "12" });
  expect((await fetch(`${url}/other`)).status).toBe(404);
  expect((await fetch(`${url}/status`, { method: "POST" })).status).toBe(403);
});

test("a page that names this server by a name of its own is refused", async () => {
  const url = await start(() => true);
  const status = await new Promise((resolve) => {
    const asked = request(`${url}/status`, { headers: { host: "evil.example" } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.end();
  });
  expect(status).toBe(403);
});
