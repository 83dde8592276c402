import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createLogger, systemClock } from "@r3mes/service";
import { afterEach, expect, test } from "vitest";
import { contentSecurityPolicy } from "./contentSecurityPolicy.ts";
import { createServer } from "./createServer.ts";
import { withLocalKey } from "./localKey.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const log = createLogger(
  { name: "dashboard", level: "silent", format: "json" },
  { stream: process.stderr, clock: systemClock },
);

function makePages(): string {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-dashboard-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "_next/static"), { recursive: true });
  writeFileSync(join(folder, "index.html"), "<script>network()</script>");
  writeFileSync(join(folder, "round.html"), "<p>round</p>");
  mkdirSync(join(folder, "round"));
  writeFileSync(join(folder, "404.html"), "<p>nothing here</p>");
  writeFileSync(join(folder, "_next/static/a.js"), "1");
  return folder;
}

/** An API that answers with the headers that it was sent. */
async function startApi(): Promise<string> {
  const api: Server = createHttpServer((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ url: request.url, key: request.headers.authorization ?? null }));
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => api.close());
  return `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
}

const start = (api: string, localKeyFile?: string) => serve(makePages(), api, localKeyFile);

async function serve(pages: string, api: string, localKeyFile?: string): Promise<string> {
  const server = await createServer({ pages, api, localKeyFile }, { log });
  cleanups.push(() => server.close());
  return server.listen({ host: "127.0.0.1", port: 0 });
}

test("pages come by their plain names, each with a policy that names its inline scripts", async () => {
  const origin = await start("http://127.0.0.1:9");
  const home = await fetch(origin);
  const hash = createHash("sha256").update("network()").digest("base64");
  expect(home.headers.get("content-security-policy")).toContain(`'sha256-${hash}'`);
  expect(home.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
  const round = await fetch(`${origin}/round?pool=1&round=2`);
  expect(await round.text()).toBe("<p>round</p>");
  expect(round.headers.get("content-security-policy")).not.toContain("sha256");
  const script = await fetch(`${origin}/_next/static/a.js`);
  expect(script.headers.get("cache-control")).toContain("immutable");
});

test("a browser that takes gzipped files gets the one beside the page, with the page's own policy", async () => {
  const pages = makePages();
  const text = "<script>network()</script>";
  writeFileSync(join(pages, "index.html.gz"), gzipSync(text));
  writeFileSync(join(pages, "round.html.gz"), gzipSync("<p>round</p>"));
  const origin = await serve(pages, "http://127.0.0.1:9");
  const asked = async (path: string, encoding: string) => {
    const reply = await fetch(origin + path, { headers: { "accept-encoding": encoding } });
    const { headers } = reply;
    return {
      text: await reply.text(),
      encoding: headers.get("content-encoding"),
      type: headers.get("content-type"),
      policy: headers.get("content-security-policy"),
      varies: headers.get("vary"),
    };
  };
  for (const [path, body] of [
    ["/", text],
    ["/round", "<p>round</p>"],
  ] as const) {
    const plain = await asked(path, "identity");
    expect(plain).toMatchObject({ text: body, encoding: null, type: "text/html; charset=utf-8" });
    expect(plain.policy).not.toBeNull();
    const gzipped = await asked(path, "gzip");
    expect(gzipped).toEqual({ ...plain, encoding: "gzip", varies: "accept-encoding" });
  }
});

test("what is no page is not found, and nothing outside the folder is served", async () => {
  const origin = await start("http://127.0.0.1:9");
  for (const path of ["/nowhere", "/..%2f..%2fetc/passwd", "/_next/static/b.js"]) {
    const response = await fetch(origin + path);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe("<p>nothing here</p>");
  }
});

test("requests of pages reach the API with their path and query", async () => {
  const origin = await start(await startApi());
  const reply = await fetch(`${origin}/explorer/v1/search?q=a%20b`);
  expect(await reply.json()).toEqual({ url: "/explorer/v1/search?q=a%20b", key: null });
});

test("an API that is away is told in the API's own form, and pages stay", async () => {
  const origin = await start("http://127.0.0.1:9");
  const reply = await fetch(`${origin}/v1/models`);
  expect(reply.status).toBe(503);
  expect(await reply.json()).toMatchObject({ error: { r3mes_code: "API_UNREACHABLE" } });
  expect((await fetch(`${origin}/readyz`)).status).toBe(200);
});

test("a folder without pages is refused with advice", async () => {
  const missing = join(tmpdir(), "r3mes-no-such-folder");
  await expect(createServer({ pages: missing, api: "http://a" }, { log })).rejects.toMatchObject({
    code: "DASHBOARD_NOT_BUILT",
  });
});

test("the local key is for pages of this machine that bring none", async () => {
  const own = { host: "127.0.0.1:3000", "sec-fetch-site": "same-origin" };
  const readKey = () => "r3mes_local";
  expect(withLocalKey(own, readKey).authorization).toBe("Bearer r3mes_local");
  const others = [
    { ...own, authorization: "Bearer own" },
    { ...own, "sec-fetch-site": "cross-site" },
    { ...own, host: "evil.example:3000" },
    { ...own, host: "localhost.evil.example" },
    { host: own.host },
  ];
  for (const headers of others) expect(withLocalKey(headers, readKey)).toBe(headers);
  expect(withLocalKey(own, () => null)).toBe(own);
});

test("a page that was opened by a loopback name reaches the API with the key of this machine", async () => {
  const key = join(makePages(), "local-key");
  writeFileSync(key, "r3mes_local\n");
  const origin = await start(await startApi(), key);
  const asked = async (site: string) => {
    const reply = await fetch(`${origin}/v1/models`, { headers: { "sec-fetch-site": site } });
    return ((await reply.json()) as { key: string | null }).key;
  };
  expect(await asked("same-origin")).toBe("Bearer r3mes_local");
  expect(await asked("cross-site")).toBeNull();
});

test("a policy allows this origin and nothing else", () => {
  const policy = contentSecurityPolicy('<script src="/a.js"></script><script id="x">f()</script>');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/'unsafe-|https?:|\*/);
  expect(policy.match(/sha256-/g)).toHaveLength(1);
});
