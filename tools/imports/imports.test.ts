import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { cruiseRepository } from "./cruiseRepository.ts";
import { drawPackages } from "./drawPackages.ts";

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A toy repository that keeps every rule, plus the files a test plants in it. */
async function cruiseToy(planted: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), "r3mes-imports-"));
  made.push(root);
  const files: Record<string, string> = {
    "packages/protocol/src/index.ts": "export const floor = 1;",
    "packages/engine/src/index.ts": 'export { floor } from "../../protocol/src/index.ts";',
    "packages/service/src/index.ts": 'export { floor } from "../../protocol/src/index.ts";',
    "apps/miner/src/main.ts":
      'import { floor } from "../../../packages/engine/src/index.ts";\nimport * as service from "../../../packages/service/src/index.ts";\nexport const sum = [floor, service];',
    "apps/cli/src/main.ts":
      'import { readFileSync } from "node:fs";\nexport const read = readFileSync;',
    ...planted,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const result = await cruiseRepository(root, (room) => ["packages", "apps"].includes(room));
  return { modules: result.modules, broken: result.summary.violations.map((v) => v.rule.name) };
}

test("a tree that keeps the rules passes", async () => {
  expect((await cruiseToy({})).broken).toEqual([]);
});

const plants: readonly [string, Record<string, string>][] = [
  ["apps-are-islands", { "apps/cli/src/main.ts": 'export * from "../../miner/src/main.ts";' }],
  [
    "imports-point-down",
    { "packages/service/src/index.ts": 'export * from "../../../apps/cli/src/main.ts";' },
  ],
  [
    "core-knows-no-ports",
    { "packages/engine/src/index.ts": 'export * from "../../service/src/index.ts";' },
  ],
  [
    "core-does-no-io",
    { "packages/engine/src/index.ts": 'export { readFileSync } from "node:fs";' },
  ],
  [
    "ports-know-protocol-and-service",
    { "packages/service/src/index.ts": 'export * from "../../engine/src/index.ts";' },
  ],
  [
    "protocol-is-the-floor",
    {
      "packages/protocol/src/index.ts": 'export * from "../../service/src/main.ts";',
      "packages/service/src/main.ts": "export const a = 1;",
    },
  ],
  [
    "front-door-only",
    {
      "packages/protocol/src/hash.ts": "export const h = 1;",
      "packages/engine/src/index.ts": 'export * from "../../protocol/src/hash.ts";',
    },
  ],
  [
    "testing-doors-are-for-tests",
    {
      "packages/service/src/testing.ts": "export const standing = 1;",
      "apps/cli/src/main.ts": 'export * from "../../../packages/service/src/testing.ts";',
    },
  ],
  [
    "no-cycles",
    {
      "packages/engine/src/a.ts": 'export * from "./b.ts";',
      "packages/engine/src/b.ts": 'export * from "./a.ts";',
    },
  ],
  ["no-dead-files", { "packages/engine/src/lonely.ts": "export const lonely = 1;" }],
  ["everything-resolves", { "packages/engine/src/index.ts": 'export * from "./missing.ts";' }],
];
for (const [rule, planted] of plants) {
  test(`a planted violation of ${rule} is found`, async () => {
    expect((await cruiseToy(planted)).broken).toContain(rule);
  });
}

test("the picture shows rooms by layer and the imports between them", async () => {
  expect(drawPackages((await cruiseToy({})).modules)).toMatchInlineSnapshot(`
    "flowchart TD
      subgraph cli_layer["apps: processes"]
        cli
        miner
      end
      subgraph engine_layer["core: pure, no I/O"]
        engine
      end
      subgraph service_layer["ports: I/O, no rules"]
        service
      end
      subgraph protocol_layer["the floor"]
        protocol
      end
      miner --> engine
      miner --> service
      engine --> protocol
      service --> protocol"
  `);
});
