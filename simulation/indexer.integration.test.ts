import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { type Database, openDatabase, chain as tables } from "@r3mes/database";
import { createIndexer } from "@r3mes/history";
import { hashTables } from "@r3mes/history/testing";
import { healthPaths, systemClock } from "@r3mes/service";
import { memoryStore } from "@r3mes/storage";
import { freePort } from "@r3mes/tools/freePort";
import { requireServer } from "@r3mes/tools/requireServer";
import { startPostgresql } from "@r3mes/tools/startPostgresql";
import { afterAll, expect, test } from "vitest";
import { createActor, createKey } from "./createActor.ts";
import { foundNetwork, remes } from "./foundNetwork.ts";
import { startChain } from "./startChain.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const main = join(import.meta.dirname, "../apps/indexer/src/main.ts");
const log = { info: () => undefined, warn: () => undefined };

/** The indexer as its own process, until it is killed. */
function startIndexer(rpc: string, database: string, port = 0): ChildProcess {
  const { PATH } = process.env;
  const env = { PATH, DATABASE_URL: database, R3MES_CHAIN_RPC: rpc, R3MES_HTTP_PORT: String(port) };
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "ignore", "inherit"] });
  cleanups.push(() => kill(child));
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

async function heightOf({ sql }: Database): Promise<number> {
  const [cursor] = await sql.select().from(tables.cursor);
  return cursor?.height ?? 0;
}

async function untilHeight(database: Database, height: number): Promise<void> {
  await expect.poll(() => heightOf(database), { timeout: 300_000 }).toBeGreaterThanOrEqual(height);
}

test("an index of a real chain that was killed again and again equals one made in one go", async (context) => {
  const server = requireServer("postgresql");
  if (!server.available) return context.skip(server.reason);
  const keys = await Promise.all(Array.from({ length: 3 }, createKey));
  const accounts = new Map(keys.map(({ address }) => [address, 20_000n * remes]));
  const chain = await startChain({ accounts, blockMs: 300 });
  cleanups.push(() => chain.stop());
  const actors = await Promise.all(keys.map((key, i) => createActor(`p${i}`, key, chain.rpc)));
  for (const actor of actors) cleanups.push(() => actor.close());
  const [sponsor, miner, verifier] = actors as [(typeof actors)[0], ...typeof actors];
  await foundNetwork(chain, { sponsor, miners: [miner!], verifiers: [verifier!] }, memoryStore());

  const postgresql = await startPostgresql(server.path);
  cleanups.push(() => postgresql.stop());
  const database = await openDatabase({ url: postgresql.url });
  cleanups.push(() => database.close());
  const target = Number((await chain.rpc.status()).latestHeight);
  for (const height of [2, Math.floor(target / 2)]) {
    const child = startIndexer(chain.url, postgresql.url);
    await untilHeight(database, height);
    await kill(child);
  }
  const child = startIndexer(chain.url, postgresql.url);
  await untilHeight(database, target);
  await kill(child);

  // The other index is made in this process, by another server, up to where the first was killed.
  const reached = await heightOf(database);
  const other = await openDatabase({ folder: null });
  cleanups.push(() => other.close());
  const controller = new AbortController();
  // Blocks are written many at once while behind, so the node is shown only as far as that.
  const latestHeight = BigInt(reached);
  const rpc = {
    ...chain.rpc,
    status: async () => ({ ...(await chain.rpc.status()), latestHeight }),
  };
  const { sleep } = systemClock;
  const onBlock = ({ height }: { height: number }) => height === reached && controller.abort();
  const deps = {
    rpc,
    database: other,
    sleep,
    log,
    onBlock: (block: { height: number }) => void onBlock(block),
  };
  await createIndexer({ pollMs: 100 }, deps).run(controller.signal);
  expect(await hashTables(database)).toEqual(await hashTables(other));

  const { sql } = database;
  expect(await sql.select().from(tables.models)).toMatchObject([
    { name: "small", status: "approved" },
  ]);
  expect(await sql.select().from(tables.datasets)).toMatchObject([
    { name: "rule", status: "approved" },
  ]);
  expect(await sql.select().from(tables.pools)).toMatchObject([
    { id: 1, budget: 900n * remes, emissionWeightPpm: 1_000_000 },
  ]);
  expect(await sql.select().from(tables.participants)).toHaveLength(2);
});

test("an indexer that is up before its node waits for it, and says so", async (context) => {
  const server = requireServer("postgresql");
  if (!server.available) return context.skip(server.reason);
  const postgresql = await startPostgresql(server.path);
  cleanups.push(() => postgresql.stop());
  const [rpcPort, port] = [await freePort(), await freePort()];
  const child = startIndexer(`http://127.0.0.1:${rpcPort}`, postgresql.url, port);
  const readiness = async () => {
    const reply = await fetch(`http://127.0.0.1:${port}${healthPaths.ready}`);
    return `${reply.status} ${await reply.text()}`;
  };
  const away = new RegExp(`^503 .*"failed".*${rpcPort}`);
  await expect.poll(readiness, { timeout: 300_000 }).toMatch(away);

  const chain = await startChain({ accounts: new Map(), blockMs: 300, rpcPort });
  cleanups.push(() => chain.stop());
  await expect.poll(readiness, { timeout: 300_000 }).toMatch(/^200 .*at height [1-9]/);
  expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  await kill(child);
});
