/** A real API for tests: the shipped model in its worker, tables in memory or a folder, a free port, real keys. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { apiSettings } from "../apiSettings.ts";
import { type RunningApi, runApi } from "../runApi.ts";

export interface TestApi extends RunningApi {
  readonly key: string;
  readonly folder: string;
  /** Calls a route with the local key. */
  ask(path: string, body?: unknown, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

export async function startApi(settings: Record<string, object> = {}): Promise<TestApi> {
  const folder = await mkdtemp(join(tmpdir(), "r3mes-api-"));
  const { http, ...others } = settings;
  const values = apiSettings.parse({
    ...allDefaults,
    log: { level: "silent" },
    http: { port: 0, ...http },
    ...others,
  });
  const api = await runApi(folder, values);
  const key = api.localKey.text;
  await untilReady(new URL("/readyz", api.baseUrl));
  return {
    ...api,
    key,
    folder,
    ask: (path, body, init) =>
      fetch(`${api.baseUrl}${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...init,
      }),
    async close() {
      await api.shutdown.begin("test");
      api.shutdown.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const allDefaults = Object.fromEntries(Object.keys(apiSettings.shape).map((name) => [name, {}]));

async function untilReady(url: URL): Promise<void> {
  for (;;) {
    const response = await fetch(url);
    if (response.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
