/**
 * `npm run test:properties [-- --cases 10000 --seed 7]`: the property tests of TypeScript and Go on cases that `npm test` does not draw.
 * A property that says itself how many cases it draws keeps that number, since its cases are dear; only the seed is new to it.
 */
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "10000" },
    seed: { type: "string", default: String(1 + (Date.now() % 2 ** 31)) },
  },
});
const { cases, seed } = values;
const root = join(import.meta.dirname, "../..");

const written = globSync("{packages,apps,simulation,tools}/**/*.test.ts", {
  cwd: root,
  exclude: ["**/node_modules/**", "**/dist/**"],
}).filter((path) => readFileSync(join(root, path), "utf8").includes('from "fast-check"'));
const files = written.filter((path) => !path.endsWith(".integration.test.ts"));

console.log(`seed ${seed}, ${cases} cases a property`);
run(root, "vitest", ["run", "--testTimeout=3600000", ...files]);
run(join(root, "chain"), "go", [
  ...["test", "-trimpath", "-timeout=2h", "./x/remes/types", "./x/remes/keeper", "-args"],
  ...[`-rapid.checks=${cases}`, `-rapid.seed=${seed}`],
]);

function run(cwd: string, program: string, options: readonly string[]): void {
  const env = { ...process.env, PROPERTY_SEED: seed, PROPERTY_CASES: cases };
  const { status } = spawnSync(program, options, { cwd, env, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
