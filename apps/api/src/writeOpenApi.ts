/** `node apps/api/src/writeOpenApi.ts [--check]`: writes the committed OpenAPI document, or says whether it is current. */
import { readFileSync, writeFileSync } from "node:fs";
import { openApiDocument, openApiFile } from "./openApiDocument.ts";

const document = await openApiDocument();
if (!process.argv.includes("--check")) writeFileSync(openApiFile, document);
else if (readFileSync(openApiFile, "utf8") !== document) {
  console.error("apps/api/openapi.json is not current: run node apps/api/src/writeOpenApi.ts");
  process.exitCode = 1;
}
