import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { checkNames, fail, ok, warn } from "./check.ts";

const path = join(import.meta.dirname, "../../schema/doctor.schema.json");
const schema = JSON.parse(readFileSync(path, "utf8"));
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

function report(...checks: readonly unknown[]) {
  return { ok: true, platform: "linux-x64", checks };
}

test("every check that the doctor makes has its name in the published schema", () => {
  expect(validate(report(...checkNames.map((name) => ok(name, "fine"))))).toBe(true);
  expect(schema.$defs.check.properties.name.enum).toEqual(checkNames);
});

test("warnings and failures carry a remedy, and what is ok carries none", () => {
  expect(
    validate(report(warn("npm", "missing", "Install it."), fail("go", "old", "Update."))),
  ).toBe(true);
  const lonely = { name: "npm", status: "warn", found: "missing", remedy: null };
  expect(validate(report(lonely))).toBe(false);
  expect(validate(report({ ...lonely, status: "ok", remedy: "None." }))).toBe(false);
});

test("what the schema does not name is refused", () => {
  expect(validate({ ...report(ok("npm", "11")), extra: 1 })).toBe(false);
  expect(validate(report({ ...ok("npm", "11"), name: "unknown" }))).toBe(false);
  expect(validate(report())).toBe(false);
});
