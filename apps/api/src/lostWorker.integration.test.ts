/** The thread that computes answers dies under many streams: each is told, nothing is served meanwhile, and it comes back by itself. */
import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startApi, type TestApi } from "./testing/startApi.ts";

const threads = vi.hoisted(() => ({ started: [] as Worker[] }));
vi.mock("node:worker_threads", async (load) => {
  const real = await load<typeof import("node:worker_threads")>();
  class Watched extends real.Worker {
    constructor(...options: ConstructorParameters<typeof real.Worker>) {
      super(...options);
      threads.started.push(this);
    }
  }
  return { ...real, Worker: Watched };
});

const streams = 50;

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ inference: { waiting: 2 * streams } });
});
afterAll(() => api.close());

const body = { model: "genesis", prompt: "In the beginning", temperature: 0 };
const ready = () => fetch(new URL("/readyz", api.baseUrl));

interface Own {
  /** What can still be spent. */
  readonly credits: number;
  readonly reserved: number;
  readonly key: { readonly spent: number };
}

async function own(): Promise<Own> {
  return (await (await api.ask("/key")).json()) as Own;
}

test("a thread that dies ends its streams with a reason, and is there again without help", async () => {
  const before = await own();
  const asked = await Promise.all(
    Array.from({ length: streams }, () =>
      api.ask("/completions", { ...body, max_tokens: 500, stream: true }),
    ),
  );
  expect(asked.every(({ status }) => status === 200)).toBe(true);
  const texts = asked.map((reply) => reply.text());
  await threads.started.at(-1)!.terminate();

  const unready = await ready();
  expect(unready.status).toBe(503);
  expect(JSON.stringify(await unready.json())).toContain("the model's worker is starting");
  const refused = await api.ask("/completions", { ...body, max_tokens: 2 });
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);
  expect(await refused.json()).toMatchObject({ error: { r3mes_code: "INFERENCE_UNAVAILABLE" } });

  const ends = await Promise.all(texts);
  const told = ends.filter((text) => text.includes("INFERENCE_UNAVAILABLE"));
  expect(told.length).toBeGreaterThan(0);
  // What had come to its end before says so.
  for (const text of ends) expect(told.includes(text)).toBe(!text.endsWith("data: [DONE]\n\n"));

  await expect.poll(async () => (await ready()).status, { timeout: 60_000 }).toBe(200);
  const settled = await own();
  expect(settled.reserved).toBe(0);
  const spent = settled.key.spent - before.key.spent;
  expect(before.credits - settled.credits).toBe(spent);
  // Every stream was begun, and no token is paid for that was not sent.
  expect(spent).toBeGreaterThan(0);
  expect(spent).toBeLessThan(streams * 504);
  expect((await api.ask("/completions", { ...body, max_tokens: 2 })).status).toBe(200);
});
