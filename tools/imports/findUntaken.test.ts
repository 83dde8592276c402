import { expect, test } from "vitest";
import { findUntaken } from "./findUntaken.ts";

const manifest = JSON.stringify({
  name: "@r3mes/engine",
  exports: { ".": "./src/index.ts", "./testing": "./src/testing.ts" },
});

/** What is found in a repository of one package with this door and these other files, by name. */
function find(door: string, others: Record<string, string> = {}, kept: readonly string[] = []) {
  const tree = new Map([
    ["packages/engine/package.json", manifest],
    ["packages/engine/src/index.ts", door],
    ...Object.entries(others),
  ]);
  const found = findUntaken(tree, { "@r3mes/engine": kept });
  return new Map(found.map(({ name, remedy }) => [name, remedy]));
}

test("what another package, an app, a tool or the simulation imports may stay", () => {
  const door = `export { a, type B, c as d } from "./a.ts";
export type { E } from "./e.ts";
export {
  f,
  g,
} from "./f.ts";
export * as space from "./space.ts";
export * from "./gen/messages_pb.ts";`;
  const taken = {
    "packages/models/src/a.ts": 'import { a, type B } from "@r3mes/engine";',
    "apps/miner/src/d.ts": 'import {\n  d as renamed,\n} from "@r3mes/engine";',
    "apps/dashboard/src/page.tsx": 'import type { E } from "@r3mes/engine";',
    "tools/f.ts": 'export { f } from "@r3mes/engine";',
    "simulation/g.ts": 'const { g, space } = await import("@r3mes/engine");',
  };
  expect([...find(door, taken).keys()]).toEqual([]);
  expect([...find(door).keys()].sort()).toEqual(["B", "E", "a", "d", "f", "g", "space"]);
});

test("what only the package itself imports through its door has to go", () => {
  const own = { "packages/engine/src/a.test.ts": 'import { a } from "@r3mes/engine";' };
  expect(find('export { a } from "./a.ts";', own).get("a")).toMatch(/take it out of the door/);
});

test("what only tests import belongs behind the door for tests, and may stand there", () => {
  const taker = (door: string) => ({
    "apps/miner/src/a.test.ts": `import { a, type B } from "${door}";`,
  });
  const door = 'export { a, type B } from "./a.ts";';
  expect(find(door, taker("@r3mes/engine"))).toEqual(
    new Map([["a", "only tests import it: move it to @r3mes/engine/testing"]]),
  );
  const behind = { "packages/engine/src/testing.ts": door, ...taker("@r3mes/engine/testing") };
  expect(find("", behind).size).toBe(0);
});

test("an import through one door does not keep the same name in another", () => {
  const other = {
    "packages/engine/src/testing.ts": 'export { a } from "./a.ts";',
    "apps/miner/src/a.ts": 'import { a } from "@r3mes/engine/testing";',
  };
  expect(find('export { a } from "./a.ts";', other).get("a")).toMatch(/nobody imports it/);
});

test("an exception holds as long as it is one", () => {
  const door = 'export { type B } from "./b.ts";';
  const taker = { "apps/miner/src/b.ts": 'import type { B } from "@r3mes/engine";' };
  expect(find(door, {}, ["B"]).size).toBe(0);
  expect(find(door, taker, ["B"]).get("B")).toMatch(/take it off/);
  expect(find("", {}, ["B"]).get("B")).toMatch(/no such export/);
});
