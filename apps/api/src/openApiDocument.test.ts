import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openApiDocument, openApiFile } from "./openApiDocument.ts";

test("the committed document is the one that is served", async () => {
  // Compared as a whole: thousands of differing lines would say less than the advice.
  const isCurrent = readFileSync(openApiFile, "utf8") === (await openApiDocument());
  expect(isCurrent, "run node apps/api/src/writeOpenApi.ts, then npm run gen:api").toBe(true);
});
