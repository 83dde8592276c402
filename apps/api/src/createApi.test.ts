import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { Writable } from "node:stream";
import { R3mesError } from "@r3mes/protocol";
import { createHealth, createLogger, createMetrics, systemClock } from "@r3mes/service";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { type ApiOptions, defaultApiOptions } from "./apiOptions.ts";
import type { RoutePlugin } from "./apiServer.ts";
import { createApi } from "./createApi.ts";
import { operationsRoutes } from "./operations/operationsRoutes.ts";
import { securityHeaders } from "./securityHeaders.ts";

/** Echoes a number, and fails in every way. */
const echo: RoutePlugin = async (server) => {
  server.post("/echo", { schema: { body: z.object({ n: z.int() }) } }, async (request) => ({
    n: request.body.n,
  }));
  server.delete("/echo", async ({ body }) => ({ body: body ?? null }));
  server.get("/address", async ({ ip }) => ip);
  server.get("/known", async () => {
    throw new R3mesError({ code: "RATE_EXCEEDED", limit: 3, retryAfterS: 7 });
  });
  server.get("/poor", async () => {
    throw new R3mesError({ code: "CREDIT_INSUFFICIENT", needed: 54, available: 7 });
  });
  server.get("/unforeseen", async () => {
    throw new Error("a secret of the server's inside");
  });
};

async function setup(options: Partial<ApiOptions> = {}) {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = createLogger(
    { name: "api", level: "info", format: "json" },
    { stream, clock: systemClock },
  );
  const health = createHealth({ checks: [], timeoutMs: 100 }, { clock: systemClock });
  const metrics = createMetrics({ process: "api" });
  const server = await createApi(
    { ...defaultApiOptions, ...options },
    { log, metrics, operations: operationsRoutes({ health, metrics }), openai: echo },
  );
  onTestFinished(() => server.close());
  return { server, lines };
}

describe("every failure has the one form", () => {
  const json = { "content-type": "application/json" };

  test.each([
    ["malformed JSON", { payload: "{", headers: json }, 400, "REQUEST_INVALID"],
    ["a wrong type", { payload: '{"n":"x"}', headers: json }, 400, "REQUEST_INVALID"],
    ["no body", { headers: json }, 400, "REQUEST_INVALID"],
    [
      "another media type",
      { payload: "n=1", headers: { "content-type": "text/csv" } },
      400,
      "REQUEST_INVALID",
    ],
    [
      "a huge body",
      { payload: `{"n":${"1".repeat(2000)}}`, headers: json },
      413,
      "REQUEST_TOO_LARGE",
    ],
  ] as const)("%s", async (_name, request, status, code) => {
    const { server } = await setup({ bodyBytesMax: 1000 });
    const reply = await server.inject({ method: "POST", url: "/v1/echo", ...request });
    expect(reply.statusCode).toBe(status);
    const { error } = reply.json();
    expect(error).toMatchObject({ type: "invalid_request_error", r3mes_code: code });
    expect(error.message).not.toMatch(/\{\w+\}/);
    expect(error.request_id).toBe(reply.headers["x-request-id"]);
    expect(error.hint).not.toBe("");
  });

  test("a field that is at fault is named", async () => {
    const { server } = await setup();
    const reply = await server.inject({ method: "POST", url: "/v1/echo", payload: { n: 1.5 } });
    const { error } = reply.json();
    expect(error).toMatchObject({ param: "n", code: "request_invalid" });
    expect(error.message).toContain(": n: ");
  });

  test("a path that does not exist", async () => {
    const { server } = await setup();
    const reply = await server.inject("/v2/<script>?q=1");
    expect(reply.statusCode).toBe(404);
    expect(reply.headers["content-type"]).toMatch("application/json");
    expect(reply.json().error.r3mes_code).toBe("ROUTE_UNKNOWN");
  });

  test("what OpenAI's clients may call and this server has not: what to call instead is said", async () => {
    const { server } = await setup();
    const ask = async (method: "GET" | "POST", url: string) => {
      const reply = await server.inject({ method, url, payload: { input: "Hello" } });
      expect(reply.statusCode).toBe(404);
      return reply.json().error;
    };
    expect(await ask("POST", "/v1/responses")).toMatchObject({
      ...{ r3mes_code: "ROUTE_NOT_SERVED", type: "invalid_request_error" },
      message: expect.stringContaining("use POST /v1/chat/completions"),
    });
    expect((await ask("GET", "/v1/responses/resp_1")).r3mes_code).toBe("ROUTE_NOT_SERVED");
    expect((await ask("GET", "/v1/responsesx")).r3mes_code).toBe("ROUTE_UNKNOWN");
  });

  test("a path that is no address", async () => {
    const { server } = await setup();
    const reply = await server.inject("/v1/%zz");
    expect(reply.statusCode).toBe(400);
    const { error } = reply.json();
    expect(error.r3mes_code).toBe("REQUEST_INVALID");
    expect(error.request_id).toBe(reply.headers["x-request-id"]);
  });

  test("how long to wait stands in a header", async () => {
    const { server } = await setup();
    const reply = await server.inject("/v1/known");
    expect(reply.statusCode).toBe(429);
    expect(reply.headers["retry-after"]).toBe("7");
    expect(reply.json().error).toMatchObject({
      type: "rate_limit_error",
      code: "rate_limit_exceeded",
    });
  });

  test("whoever lacks credit is told how much is needed and how much is there", async () => {
    const { server } = await setup();
    const reply = await server.inject("/v1/poor");
    expect(reply.statusCode).toBe(402);
    const { error } = reply.json();
    expect(error).toMatchObject({ code: "insufficient_quota", r3mes_code: "CREDIT_INSUFFICIENT" });
    expect(error.message).toMatch(/54.*7|7.*54/);
  });

  test("what nobody foresaw is logged and not told", async () => {
    const { server, lines } = await setup();
    const reply = await server.inject("/v1/unforeseen");
    expect(reply.statusCode).toBe(500);
    expect(reply.body).not.toMatch("secret");
    expect(lines.join("")).toMatch("a secret of the server's inside");
  });
});

describe("what is no request is refused in the one form", () => {
  /** What a server answers to bytes, until it closes the connection. */
  async function say(text: string) {
    const { server } = await setup();
    await server.listen({ port: 0, host: "127.0.0.1" });
    const socket = connect((server.server.address() as AddressInfo).port, "127.0.0.1");
    socket.write(text);
    const reply = Buffer.concat(await socket.toArray()).toString();
    const [head, body] = reply.split("\r\n\r\n");
    return { head, error: JSON.parse(body!).error };
  }

  test.each([
    [
      "two lengths",
      "POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      400,
    ],
    ["a head that is too large", `GET / HTTP/1.1\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, 431],
    ["what is no HTTP", "hello\r\n\r\n", 400],
  ])("%s", async (_name, text, status) => {
    const { head, error } = await say(text);
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(error).toMatchObject({ type: "invalid_request_error", r3mes_code: "REQUEST_INVALID" });
    expect(head).toContain(`x-request-id: ${error.request_id}`);
  });
});

test("a request that needs no body may say that it is JSON, as clients do that send nothing else", async () => {
  const { server } = await setup();
  const headers = { "content-type": "application/json" };
  const reply = await server.inject({ method: "DELETE", url: "/v1/echo", headers });
  expect([reply.statusCode, reply.json()]).toEqual([200, { body: null }]);
  // What is no plain data is refused as before.
  const payload = '{"n":1,"__proto__":{"n":2}}';
  const poisoned = await server.inject({ method: "POST", url: "/v1/echo", headers, payload });
  expect(poisoned.statusCode).toBe(400);
});

test("one address does not take all connections, and is told so", async () => {
  const { server } = await setup({ connectionsMaxOfAddress: 2 });
  await server.listen({ port: 0, host: "127.0.0.1" });
  const { port } = server.server.address() as AddressInfo;
  // Over the loopback nobody is counted, so these say that they come from elsewhere.
  const connectFrom = async (address: string) => {
    const accepted = once(server.server, "connection");
    server.server.prependOnceListener("connection", (socket) => {
      Object.defineProperty(socket, "remoteAddress", { value: address });
    });
    const socket = connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    await accepted;
    return socket;
  };
  for (let i = 0; i < 2; i += 1) await connectFrom("192.0.2.1");
  const refused = await connectFrom("192.0.2.1");
  const [head, body] = Buffer.concat(await refused.toArray())
    .toString()
    .split("\r\n\r\n");
  expect(head).toMatch(/^HTTP\/1.1 429 .*\r\nretry-after: 10\r\n/s);
  expect(JSON.parse(body!).error.r3mes_code).toBe("CONNECTIONS_TOO_MANY");
  const other = await connectFrom("192.0.2.2");
  other.write("GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  expect(Buffer.concat(await other.toArray()).toString()).toMatch(/^HTTP\/1.1 200 /);
});

test("every reply tells browsers to frame and to guess nothing, errors as well", async () => {
  const { server } = await setup();
  for (const url of ["/livez", "/made/up", "/v1/models", "/docs/"]) {
    const { headers } = await server.inject({ url });
    expect(headers).toMatchObject({ ...securityHeaders, "x-request-id": expect.any(String) });
  }
});

test("pages of listed origins may read replies, others not", async () => {
  const { server } = await setup({ origins: ["https://good.example"] });
  const ask = async (origin: string) =>
    (await server.inject({ url: "/livez", headers: { origin } })).headers[
      "access-control-allow-origin"
    ];
  expect(await ask("https://good.example")).toBe("https://good.example");
  expect(await ask("https://evil.example")).toBeUndefined();
  const told = await server.inject({ url: "/livez", headers: { origin: "https://good.example" } });
  expect(told.headers["access-control-expose-headers"]).toContain("x-ratelimit-remaining-requests");
  // They may take keys back too.
  const before = await server.inject({
    method: "OPTIONS",
    url: "/livez",
    headers: { origin: "https://good.example", "access-control-request-method": "DELETE" },
  });
  expect(before.headers["access-control-allow-methods"]).toContain("DELETE");
});

test.each([
  ["nobody is trusted", [], "10.0.0.7", "10.0.0.7"],
  ["a proxy that is trusted says who asks", ["10.0.0.0/8"], "10.0.0.7", "203.0.113.9"],
  ["a stranger says what it likes", ["10.0.0.0/8"], "198.51.100.1", "198.51.100.1"],
] as const)("the address of a client: %s", async (_, trustedProxies, remoteAddress, expected) => {
  const { server } = await setup({ trustedProxies });
  // What a client claims by itself stands before what the proxy adds.
  const headers = { "x-forwarded-for": "1.2.3.4, 203.0.113.9" };
  expect((await server.inject({ url: "/v1/address", remoteAddress, headers })).body).toBe(expected);
});

test("the document is OpenAPI 3.1, and the reference page needs nothing from outside", async () => {
  const { server } = await setup();
  const document = (await server.inject("/openapi.json")).json();
  expect(document.openapi).toBe("3.1.0");
  expect(Object.keys(document.paths)).toContain("/livez");
  const page = await server.inject("/docs/");
  expect(page.statusCode).toBe(200);
  expect(page.body).not.toMatch(/(src|href)="https?:/);
  expect(page.body).toContain("<title>API · R3MES</title>");
  const [, style] = /href="\.(\/static\/theme\/[^"]+\.css)"/.exec(page.body)!;
  expect((await server.inject(`/docs${style}`)).body).toContain(".topbar { display: none }");
});

test("health and metrics answer", async () => {
  const { server } = await setup();
  expect((await server.inject("/livez")).json()).toEqual({ status: "ok", checks: [] });
  expect((await server.inject("/readyz")).statusCode).toBe(200);
  await server.inject("/made/up");
  const { body } = await server.inject("/metrics");
  expect(body).toMatch("r3mes_process_cpu_seconds_total");
  expect(body).toMatch(
    'r3mes_http_request_seconds_count{process="api",method="GET",route="none",status="404"} 1',
  );
});
