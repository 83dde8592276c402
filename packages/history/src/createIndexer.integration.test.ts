import { type Database, openDatabase } from "@r3mes/database";
import { requireServer } from "@r3mes/tools/requireServer";
import { type Postgresql, startPostgresql } from "@r3mes/tools/startPostgresql";
import { afterAll, beforeAll, beforeEach, describe, test } from "vitest";
import { emptyChain } from "./emptyChain.ts";
import { indexerCases } from "./testing/indexerCases.ts";

const server = requireServer("postgresql");

describe("an index on PostgreSQL", () => {
  let postgresql: Postgresql;
  let database: Database;
  beforeAll(async () => {
    if (!server.available) return;
    postgresql = await startPostgresql(server.path);
    database = await openDatabase({ url: postgresql.url });
  });
  afterAll(async () => {
    await database?.close();
    await postgresql?.stop();
  });
  beforeEach(async () => {
    if (server.available) await emptyChain(database);
  });

  for (const [behaviour, check] of Object.entries(indexerCases)) {
    test(behaviour, async (context) => {
      if (!server.available) return context.skip(server.reason);
      await check(database);
    });
  }
});
