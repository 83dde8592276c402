import { once } from "node:events";
import { chain, type Database } from "@r3mes/database";
import { openTestDatabase } from "@r3mes/database/testing";
import { indexTo, recordedChain } from "@r3mes/history/testing";
import { R3mesError } from "@r3mes/protocol";
import { createLogger, systemClock } from "@r3mes/service";
import { contentIdToBytes, memoryStore } from "@r3mes/storage";
import { eq, like } from "drizzle-orm";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createAccess } from "../access/createAccess.ts";
import { memoryRates } from "../access/rates.ts";
import { defaultApiOptions } from "../apiOptions.ts";
import type { ApiServer } from "../apiServer.ts";
import { createApi } from "../createApi.ts";
import { heldToSchemas } from "../testing/heldToSchemas.ts";
import type { ExplorerDeps } from "./explorerDeps.ts";
import { explorerRoutes } from "./explorerRoutes.ts";
import { listenersLimits } from "./stream/createListeners.ts";

const node = recordedChain();
const half = 60;
let database: Database;

beforeAll(async () => {
  database = await openTestDatabase();
  await indexTo(half, node, database);
});
afterAll(() => database.close());

async function setup(deps: Partial<ExplorerDeps> = {}): Promise<ApiServer> {
  const log = createLogger(
    { name: "api", level: "silent", format: "json" },
    { stream: process.stdout, clock: systemClock },
  );
  const server = await createApi(defaultApiOptions, {
    log,
    operations: async () => undefined,
    openai: async () => undefined,
    explorer: heldToSchemas(explorerRoutes({ database, rpc: node.rpc, ...deps })),
  });
  onTestFinished(() => server.close());
  return server;
}

async function get(server: ApiServer, path: string) {
  const reply = await server.inject({ method: "GET", url: `/explorer/v1${path}` });
  return { status: reply.statusCode, headers: reply.headers, body: reply.json() };
}

test("whoever reads more than its address may is told when to come back, and others read on", async () => {
  const limits = { requestsPerMinute: 1, requestsPerMinuteOfAddress: 1, knocksPerMinute: 1 };
  const unasked = () => Promise.reject(new Error("reads need no key"));
  const access = createAccess(
    { ...limits, readsPerMinuteOfAddress: 2 },
    { rates: memoryRates(), keys: { find: unasked }, ledger: { reserve: unasked } },
  );
  const server = await setup({ access });
  const ask = (remoteAddress: string) =>
    server.inject({ method: "GET", url: "/explorer/v1/network", remoteAddress });
  for (let i = 0; i < 2; i += 1) expect((await ask("192.0.2.1")).statusCode).toBe(200);
  const refused = await ask("192.0.2.1");
  expect(refused.statusCode).toBe(429);
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  expect(refused.json().error.r3mes_code).toBe("RATE_EXCEEDED");
  for (const other of ["192.0.2.2", "127.0.0.1", "127.0.0.1", "127.0.0.1"]) {
    expect((await ask(other)).statusCode).toBe(200);
  }
});

/** Server-sent events until `count` of them have come. */
async function listen(url: string, count: number, headers: Record<string, string> = {}) {
  const reply = await fetch(url, { headers });
  const events: { id: string; kind: string; data: { type: string; height: number } }[] = [];
  let text = "";
  for await (const bytes of reply.body!.pipeThrough(new TextDecoderStream())) {
    text += bytes;
    const parts = text.split("\n\n");
    text = parts.pop()!;
    for (const part of parts) {
      const fields = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(part);
      if (fields) events.push({ id: fields[1]!, kind: fields[2]!, data: JSON.parse(fields[3]!) });
    }
    if (events.length >= count) break;
  }
  return events;
}

test("every list pages without a gap or a repetition, and every record opens", async () => {
  const server = await setup();
  const lists = [
    ["blocks", "height", "blocks"],
    ["transactions", "hash", "transactions"],
    ["accounts", "address", "accounts"],
    ["submissions", "id", "submissions"],
    ["adapters", "id", "adapters"],
    ["pools", "id", "pools"],
    ["datasets", "id", "datasets"],
    ["models", "id", "models"],
  ] as const;
  for (const [list, key, route] of lists) {
    const whole = (await get(server, `/${list}?limit=200`)).body.items;
    expect(whole.length, list).toBeGreaterThan(0);
    const paged: unknown[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const { status, body } = await get(server, `/${list}?limit=7${query}`);
      expect(status, list).toBe(200);
      paged.push(...body.items);
      cursor = body.next;
      if (paged.length > 150) break;
    }
    expect(paged.slice(0, whole.length), list).toEqual(whole.slice(0, paged.length));
    const detail = await get(server, `/${route}/${whole[0][key]}`);
    expect(detail.status, list).toBe(200);
    expect(detail.body).toMatchObject({ [key]: whole[0][key] });
  }
  for (const list of [
    ...["bonds", "events", "rounds", "chunks", "leases", "audits", "cases", "offences", "referees"],
    ...["rewards/epochs", "rewards/credits", "rewards/earnings", "rewards/withdrawals"],
    "pools/1/rounds/1/attestations",
  ]) {
    const { status, body } = await get(server, `/${list}?limit=2`);
    expect(status, list).toBe(200);
    expect(body).toMatchObject({ items: expect.any(Array) });
  }
});

test("a bond that was withdrawn whole is not shown among those that answer for work", async () => {
  const gone = { owner: "remes1gone", role: "miner", amount: 0n, locked: 0n, height: 1 };
  await database.sql.insert(chain.bonds).values(gone);
  const { items } = (await get(await setup(), "/bonds?limit=200")).body;
  expect(items.length).toBeGreaterThan(0);
  expect(items.map(({ owner }: { owner: string }) => owner)).not.toContain(gone.owner);
});

test("who has earned the most comes first, page by page, with more digits than a number keeps", async () => {
  const earned = [9_007_199_254_740_993n, 9_007_199_254_740_992n, 5n, 70n];
  await database.sql.insert(chain.earnings).values(
    earned.map((credited, place) => {
      return { owner: `remes1earner${place}`, role: "miner", credited, credits: 1 };
    }),
  );
  const server = await setup();
  const sums: string[] = [];
  let cursor = "";
  for (let page = 0; page < 200 && sums.at(-1) !== "5"; page += 1) {
    const { body } = await get(server, `/rewards/earnings?limit=1${cursor}`);
    sums.push(body.items[0].credited);
    cursor = `&cursor=${body.next}`;
  }
  expect(sums).toEqual([...sums].sort((one, other) => (BigInt(one) > BigInt(other) ? -1 : 1)));
  expect(sums.slice(0, 2)).toEqual(["9007199254740993", "9007199254740992"]);
  await database.sql.delete(chain.earnings).where(like(chain.earnings.owner, "remes1earner%"));
});

test("an account says for what it has bonded", async () => {
  const { items } = (await get(await setup(), "/accounts?limit=200")).body;
  const roles = items.flatMap((one: { roles: string[] }) => one.roles);
  expect(new Set(roles)).toEqual(new Set(["miner", "verifier"]));
  expect(items.some((one: { roles: string[] }) => one.roles.length === 0)).toBe(true);
});

test("the network at a glance agrees with the recorded round", async () => {
  const server = await setup();
  const { body } = await get(server, "/network");
  expect(body).toMatchObject({
    indexedHeight: half,
    roundsInFlight: [{ poolId: 1, number: 2, phase: "audit", committed: 3 }],
    verdicts: { valid: 4, invalid: 2 },
    casesByOutcome: { open: 0 },
    money: { budgets: "900000000", minted: expect.stringMatching(/^\d+$/) },
  });
  const [version] = body.pools[0].adapters;
  expect(version).toMatchObject({ id: 1, heldOutLoss: "322393624", submissions: 2 });
  expect(version.miners).toHaveLength(2);
  expect(version.attesters).toHaveLength(2);
});

test("a chunk is shown from its lease to its verdicts, and a search leads to it", async () => {
  const server = await setup();
  const { body } = await get(server, "/submissions/3");
  expect(body).toMatchObject({ id: 3, status: "accepted", lease: { status: "committed" } });
  expect(body.audits[0].seats).toHaveLength(2);
  const audits = (await get(server, `/audits?miner=${body.miner}&phase=settled`)).body.items;
  expect(audits.length).toBeGreaterThan(0);
  for (const { miner, phase } of audits) expect([miner, phase]).toEqual([body.miner, "settled"]);
  expect((await get(server, "/rounds?phase=reveal")).body.items).toEqual([]);
  const types = body.history.map(({ type }: { type: string }) => type);
  expect(types.slice(0, 3)).toEqual(["ChunkLeased", "Committed", "Revealed"]);
  const chunk = await get(server, `/pools/1/rounds/1/chunks/${body.chunk}`);
  expect(chunk.body).toMatchObject({ leaseId: 3, submissions: [{ id: 3 }] });

  for (const [query, kind] of [
    [body.commitment, "submission"],
    [body.updateCid, "submission"],
    [body.miner.slice(0, 12), "account"],
    [body.commitTransaction, "transaction"],
    ["rule", "dataset"],
    ["1", "block"],
  ]) {
    const { hits } = (await get(server, `/search?q=${query}`)).body;
    expect(hits[0]?.kind, query).toBe(kind);
  }
});

test("disputes are found by their round, those about its sum among them", async () => {
  const told = await openTestDatabase();
  onTestFinished(() => told.close());
  const recorded = recordedChain("disputes");
  await indexTo(recorded.height, recorded, told);
  const server = await setup({ database: told, rpc: recorded.rpc });
  const { items } = (await get(server, "/cases?poolId=1&round=1")).body;
  expect(items.map(({ kind }: { kind: string }) => kind)).toContain("aggregate");
  expect((await get(server, "/cases?poolId=1&round=2")).body.items).toEqual([]);
  const [about] = items.filter(({ outcome }: { outcome: string }) => outcome === "convicted");
  expect((await get(server, `/cases/${about.id}`)).body).toMatchObject({ poolId: 1, round: 1 });
  const { attestations, adopted, resultAdapterId } = (await get(server, "/pools/1/rounds/1")).body;
  for (const { momentumRoot } of attestations) expect(momentumRoot).toMatch(/^[0-9a-f]{64}$/);
  const { root, momentumRoot } = (await get(server, `/adapters/${resultAdapterId}`)).body;
  expect(adopted).toEqual({ root, momentumRoot });
  expect((await get(server, "/pools/1/rounds/2")).body.adopted).toBeNull();
});

test("a round and its work say what its sum is made without", async () => {
  const own = await openTestDatabase();
  onTestFinished(() => own.close());
  await indexTo(half, node, own);
  const server = await setup({ database: own });
  const { submissions } = chain;
  expect((await get(server, "/pools/1/rounds/1")).body.leftOut).toEqual([]);
  const left = { summed: false, leftOut: true, adapterId: null };
  await own.sql.update(submissions).set(left).where(eq(submissions.id, 2));
  // The first server keeps its replies until a block changes what they were read from.
  const fresh = await setup({ database: own });
  expect((await get(fresh, "/pools/1/rounds/1")).body.leftOut).toEqual([2]);
  expect((await get(fresh, "/pools/1/rounds/2")).body.leftOut).toEqual([]);
  expect((await get(fresh, "/submissions/2")).body).toMatchObject(left);
  expect((await get(fresh, "/submissions/1")).body.leftOut).toBe(false);
});

test("a version names its ancestors, the parent first, as many as a reply holds", async () => {
  const own = await openTestDatabase();
  onTestFinished(() => own.close());
  await indexTo(half, node, own);
  // The first, and 1,002 that were trained one from the other.
  const [first] = await own.sql.select().from(chain.adapters);
  const line = Array.from({ length: 1_002 }, (_, i) => ({ ...first!, id: i + 2, parentId: i + 1 }));
  await own.sql.insert(chain.adapters).values(line);
  const server = await setup({ database: own });
  const fourth = (await get(server, "/adapters/4")).body;
  expect(fourth.lineage.map(({ id }: { id: number }) => id)).toEqual([3, 2, 1]);
  expect(fourth.children).toEqual([5]);
  const { lineage, children } = (await get(server, "/adapters/1003")).body;
  const ids = lineage.map(({ id }: { id: number }) => id);
  expect([ids.length, ids[0], ids.at(-1)]).toEqual([1_000, 1_002, 3]);
  expect(children).toEqual([]);
});

test("bad input is refused with a code, and hostile input finds nothing", async () => {
  const server = await setup();
  for (const [path, status, code] of [
    ["/blocks/99999", 404, "BLOCK_NOT_FOUND"],
    ["/blocks/'; drop table chain.blocks", 404, "BLOCK_NOT_FOUND"],
    ["/blocks?cursor=x", 400, "CURSOR_INVALID"],
    ["/blocks?cursor=1.2", 400, "CURSOR_INVALID"],
    ["/rounds?cursor=1.1.999999999999999", 400, "CURSOR_INVALID"],
    ["/blocks?limit=0", 400, "REQUEST_INVALID"],
    ["/blocks?limit=1e9", 400, "REQUEST_INVALID"],
    ["/adapters/7", 404, "ADAPTER_NOT_FOUND"],
    ["/adapters/-1", 400, "REQUEST_INVALID"],
    ["/accounts/remes1nobody", 404, "ACCOUNT_UNKNOWN"],
    ["/submissions/1e30", 400, "REQUEST_INVALID"],
    ["/cases?round=9007199254740991", 400, "REQUEST_INVALID"],
    ["/chunks?round=9007199254740991", 400, "REQUEST_INVALID"],
    ["/pools/1/rounds/9007199254740991", 400, "REQUEST_INVALID"],
    ["/pools/1/rounds/9007199254740991/chunks/1", 400, "REQUEST_INVALID"],
    ["/events?round=9007199254740991", 400, "REQUEST_INVALID"],
    ["/chunks?miner=\0", 400, "REQUEST_INVALID"],
    ["/accounts/\0", 400, "REQUEST_INVALID"],
    ["/stream?after=yesterday", 400, "CURSOR_INVALID"],
    ["/content/bafy", 400, "CID_INVALID"],
    ["/search?q=", 400, "REQUEST_INVALID"],
  ] as const) {
    const reply = await get(server, encodeURI(path));
    expect([reply.status, reply.body.error.r3mes_code], path).toEqual([status, code]);
  }
  for (const query of ["%00x", "%25", "_", "'--", "%F0%9F%92%A9"]) {
    const { status, body } = await get(server, `/search?q=${query}`);
    expect([status, body.hits?.length ?? 0], query).toEqual([200, 0]);
  }
});

test("content comes by its address and may be kept for ever; without a store it is unavailable", async () => {
  const content = memoryStore();
  const id = await content.put(new Uint8Array([1, 2, 3]));
  const server = await setup({ content });
  const url = `/explorer/v1/content/${id}`;
  const reply = await server.inject({ method: "GET", url });
  expect([...reply.rawPayload]).toEqual([1, 2, 3]);
  expect(reply.headers["cache-control"]).toContain("immutable");
  expect(contentIdToBytes(id)).toHaveLength(36);
  const bare = await setup();
  expect((await bare.inject({ method: "GET", url })).statusCode).toBe(503);
});

test("a node that is away is unknown, and pages go on from the tables until it is back", async () => {
  let isAway = true;
  const status = async () => {
    if (isAway) throw new R3mesError({ code: "NODE_UNREACHABLE", url: "http://x", reason: "away" });
    return node.rpc.status();
  };
  const server = await setup({ rpc: { ...node.rpc, status } });
  const unknown = { chainHeight: null, lagBlocks: null, lagMs: null };
  expect(await get(server, "/status")).toMatchObject({ status: 200, body: unknown });
  expect((await get(server, "/blocks")).body.items.length).toBeGreaterThan(0);
  isAway = false;
  expect((await get(server, "/status")).body.chainHeight).toBeGreaterThanOrEqual(half);
});

test("one address has so many streams and no more, and others are heard meanwhile", async () => {
  const server = await setup();
  const address = await server.listen({ port: 0, host: "127.0.0.1" });
  const url = `${address.replace("http", "ws")}/explorer/v1/socket`;
  const opened = await Promise.all(
    Array.from({ length: listenersLimits.ofAddressMax }, async () => {
      const socket = new WebSocket(url);
      await once(socket, "open");
      return socket;
    }),
  );
  const refused = new WebSocket(url);
  refused.addEventListener("error", () => {});
  await once(refused, "close");
  const stream = { method: "GET", url: "/explorer/v1/stream" } as const;
  const reply = await server.inject(stream);
  expect([reply.statusCode, reply.json().error.r3mes_code]).toEqual([503, "QUEUE_FULL"]);
  expect(reply.headers["retry-after"]).toBe("15");
  const other = await server.inject({
    ...stream,
    remoteAddress: "10.0.0.9",
    payloadAsStream: true,
  });
  expect(other.statusCode).toBe(200);
  other.stream().destroy();
  // Who talks to a socket that only sends is cut off, and its place is free again.
  const [talker] = opened;
  for (let i = 0; i < 200; i += 1) talker!.send("x".repeat(1_000));
  await once(talker!, "close");
  const next = new WebSocket(url);
  await once(next, "open");
  for (const socket of [...opened, next]) socket.close();
});

test("a reply is read again once a table changes that it was read from, and not before", async () => {
  const own = await openTestDatabase();
  onTestFinished(() => own.close());
  await indexTo(1, node, own);
  let reads = 0;
  const watchReads: Database["watchReads"] = (tables, run) => {
    reads += 1;
    own.watchReads(tables, run);
  };
  const server = await setup({ database: { ...own, watchReads } });
  async function read(path: string): Promise<{ text: string; isKept: boolean }> {
    const before = reads;
    const reply = await server.inject({ method: "GET", url: `/explorer/v1${path}` });
    return { text: reply.body, isKept: reads === before };
  }
  const paths = ["/blocks", "/pools", "/rounds", "/transactions", "/network", "/events"];
  const kept = new Map<string, number>();
  for (let height = 2; height <= half; height += 1) {
    await indexTo(height, node, own);
    await expect
      .poll(async () => (await get(server, "/status")).headers["x-indexed-height"])
      .toBe(String(height));
    for (const path of paths) {
      const { text, isKept } = await read(path);
      // A query that nothing was kept for: what the tables say now.
      const fresh = await read(`${path}?height=${height}`);
      expect([fresh.isKept, text], path).toEqual([false, fresh.text]);
      if (isKept) kept.set(path, (kept.get(path) ?? 0) + 1);
      expect((await read(path)).isKept, path).toBe(true);
    }
  }
  // Every block is a block; pools change seldom.
  expect([kept.get("/blocks"), kept.get("/network")]).toEqual([undefined, undefined]);
  expect(kept.get("/pools")).toBeGreaterThan(half / 2);
}, 120_000);

test("a stream resumes after any event without a gap, and goes on with new blocks", async () => {
  const server = await setup();
  const address = await server.listen({ port: 0, host: "127.0.0.1" });
  const url = `${address}/explorer/v1/stream`;
  const all = await listen(`${url}?after=0-0`, 100);
  expect(all.map(({ id }) => id)).toEqual([...new Set(all.map(({ id }) => id))]);
  const heights = all.map(({ data }) => data.height);
  expect(heights).toEqual(heights.toSorted((a, b) => a - b));
  const resumed = await listen(url, 59, { "last-event-id": all[40]!.id });
  expect(resumed.slice(0, 59)).toEqual(all.slice(41, 100));
  const filtered = await listen(`${url}?after=0-0&kinds=adapter`, 1);
  expect(filtered[0]).toMatchObject({ kind: "adapter", data: { type: "AdapterAdopted" } });

  const live = listen(`${url}?kinds=block`, 3);
  const socket = new WebSocket(`${url.replace("http", "ws").replace("stream", "socket")}`);
  await once(socket, "open");
  const first = once(socket, "message");
  await indexTo(node.height, node, database);
  const heard = (await live).map(({ data }) => data.height);
  expect(heard).toEqual(heard.map((_, i) => half + 1 + i));
  const [{ data }] = (await first) as [MessageEvent];
  expect(JSON.parse(data)).toMatchObject({ height: half + 1 });
  socket.close();
  expect((await get(server, "/status")).body).toMatchObject({ indexedHeight: 84, lagBlocks: 0 });
  expect((await get(server, "/network")).body.pools[0].adapters).toHaveLength(2);
});
