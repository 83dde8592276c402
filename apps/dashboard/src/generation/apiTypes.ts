/**
 * `npm run gen:api [-- --check]`: types of the API's records, from the document that the API commits.
 * With `--check` it writes nothing and fails when they are stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";

const dashboard = join(import.meta.dirname, "../..");
const source = join(dashboard, "../api/openapi.json");
const target = join(dashboard, "src/gen/openapi.ts");

const header = "/** Generated from the API's OpenAPI document by `npm run gen:api`. */\n";
const text =
  header +
  astToString(await openapiTS(JSON.parse(readFileSync(source, "utf8")), { alphabetize: true }));

if (!process.argv.includes("--check")) {
  writeFileSync(target, text);
  console.log("api: written");
} else if (readFileSync(target, "utf8") !== text) {
  console.error("api: stale: apps/dashboard/src/gen/openapi.ts. Run npm run gen:api.");
  process.exitCode = 1;
} else {
  console.log("api: current");
}
