import type { Database } from "@r3mes/database";
import { openTestDatabase } from "@r3mes/database/testing";
import { afterAll, beforeAll, describe, test } from "vitest";
import { accountCases } from "./testing/accountCases.ts";

describe("accounts on PGlite", () => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());

  for (const [room, cases] of Object.entries(accountCases)) {
    describe(room, () => {
      for (const [behaviour, check] of Object.entries(cases)) {
        test(behaviour, () => check(database));
      }
    });
  }
});
