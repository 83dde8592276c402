import { type Database, openDatabase } from "@r3mes/database";
import { requireServer } from "@r3mes/tools/requireServer";
import { type Postgresql, startPostgresql } from "@r3mes/tools/startPostgresql";
import { afterAll, beforeAll, describe, test } from "vitest";
import { accountCases } from "./testing/accountCases.ts";

const server = requireServer("postgresql");

describe("accounts on PostgreSQL", () => {
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

  for (const [room, cases] of Object.entries(accountCases)) {
    describe(room, () => {
      for (const [behaviour, check] of Object.entries(cases)) {
        test(behaviour, async (context) => {
          if (!server.available) return context.skip(server.reason);
          await check(database);
        });
      }
    });
  }
});
