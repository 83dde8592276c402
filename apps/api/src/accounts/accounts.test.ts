import { type Database, openDatabase } from "@r3mes/database";
import { afterAll, beforeAll, describe, test } from "vitest";
import { accountCases } from "./testing/accountCases.ts";

describe("accounts on PGlite", () => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase({ folder: null });
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
