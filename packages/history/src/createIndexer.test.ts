import type { Database } from "@r3mes/database";
import { openTestDatabase } from "@r3mes/database/testing";
import { afterAll, beforeAll, beforeEach, describe, test } from "vitest";
import { emptyChain } from "./emptyChain.ts";
import { indexerCases } from "./testing/indexerCases.ts";

describe("an index on PGlite", () => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());
  beforeEach(() => emptyChain(database));

  for (const [behaviour, check] of Object.entries(indexerCases)) {
    test(behaviour, () => check(database));
  }
});
