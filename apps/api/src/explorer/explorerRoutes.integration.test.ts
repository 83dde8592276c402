/** PostgreSQL and PGlite give the same replies: each page over a recorded network, with each of its filters. */
import { type Database, openDatabase } from "@r3mes/database";
import { indexTo, recordedChain } from "@r3mes/history/testing";
import { createLogger, systemClock } from "@r3mes/service";
import { requireServer } from "@r3mes/tools/requireServer";
import { startPostgresql } from "@r3mes/tools/startPostgresql";
import { expect, onTestFinished, test } from "vitest";
import { defaultApiOptions } from "../apiOptions.ts";
import { createApi } from "../createApi.ts";
import { heldToSchemas } from "../testing/heldToSchemas.ts";
import { explorerRoutes } from "./explorerRoutes.ts";

const postgresql = requireServer("postgresql");
const node = recordedChain("disputes");

type Get = (path: string) => Promise<string>;

/** A server over a database that holds the whole recording; a reply as its status and text, without the id of the request. */
async function serve(database: Database): Promise<Get> {
  onTestFinished(() => database.close());
  const log = createLogger(
    { name: "api", level: "silent", format: "json" },
    { stream: process.stderr, clock: systemClock },
  );
  await indexTo(node.height, node, database);
  const server = await createApi(defaultApiOptions, {
    log,
    operations: async () => undefined,
    openai: async () => undefined,
    explorer: heldToSchemas(explorerRoutes({ database, rpc: node.rpc })),
  });
  onTestFinished(() => server.close());
  return async (path) => {
    const reply = await server.inject(`/explorer/v1${path}`);
    return `${reply.statusCode} ${reply.body.replace(/"request_id":"\w+"/, "")}`;
  };
}

async function items(get: Get, path: string): Promise<Record<string, string>[]> {
  return JSON.parse((await get(path)).slice(4)).items;
}

/** Pages by what the recording has. */
async function pagesOf(get: Get): Promise<string[]> {
  const [block] = await items(get, "/blocks");
  const [transaction] = await items(get, "/transactions");
  const works = await items(get, "/submissions?limit=200");
  const parties = await items(get, "/accounts?limit=200");
  const disputes = await items(get, "/cases?limit=200");
  return [
    ...["/network", "/blocks", "/blocks?limit=3&cursor=40", `/blocks/${block!.hash}`, "/blocks/44"],
    ...["/transactions", "/transactions?limit=5&cursor=50.0", `/transactions/${transaction!.hash}`],
    ...["/adapters?poolId=1&modelId=1", "/adapters/1", "/adapters/99", "/pools", "/pools/1"],
    ...["/rounds?poolId=1&phase=complete", "/pools/1/rounds/1", "/pools/1/rounds/1/attestations"],
    ...["/chunks?poolId=1&round=1", "/submissions?status=accepted", "/audits?phase=settled"],
    ...["/events?kind=submission", "/events?poolId=1&round=1&limit=7", "/rewards/epochs"],
    ...["/rewards/credits?submissionId=2", "/rewards/earnings", "/rewards/withdrawals"],
    ...["/cases?open=true", "/cases?open=false&poolId=1", "/bonds?role=miner", "/offences"],
    ...["/leases?status=leased", "/datasets/1", "/models/1", "/referees", "/chunks?cursor=bad"],
    ...["/search?q=1", `/search?q=${transaction!.hash}`],
    ...disputes.map(({ id }) => `/cases/${id}`),
    ...works.flatMap(({ id, round, chunk }) => [
      `/submissions/${id}`,
      `/pools/1/rounds/${round}/chunks/${chunk}`,
    ]),
    ...parties.flatMap(({ address }) => [
      ...[`/accounts/${address}`, `/transactions?account=${address}`],
      ...[`/events?limit=200&account=${address}`, `/audits?verifier=${address}`],
      ...[`/leases?miner=${address}`, `/cases?party=${address}`],
    ]),
  ];
}

test("PostgreSQL gives the replies that PGlite gives", { timeout: 300_000 }, async ({ skip }) => {
  if (!postgresql.available) return skip(postgresql.reason);
  const { url, stop } = await startPostgresql(postgresql.path);
  onTestFinished(stop);
  const ofPostgresql = await serve(await openDatabase({ url }));
  const ofPglite = await serve(await openDatabase({ folder: null }));
  const pages = await pagesOf(ofPglite);
  expect(pages.length).toBeGreaterThan(90);
  for (const page of pages) expect(await ofPostgresql(page), page).toBe(await ofPglite(page));
});
