/** `npm run check:tidy`: the house rules that a machine can hold, each with its reason when it is broken. */
import { join } from "node:path";
import { readTree } from "./readTree.ts";
import { rules } from "./rules/index.ts";

const tree = readTree(join(import.meta.dirname, "../.."));
let broken = 0;
for (const rule of rules) {
  const findings = rule.find(tree);
  if (findings.length === 0) continue;
  broken += findings.length;
  console.error(`${rule.name}: ${rule.reason}`);
  for (const { path, line, what } of findings) {
    console.error(`  ${path}${line === undefined ? "" : `:${line}`} ${what}`);
  }
}
console.log(`${rules.length} rules over ${tree.size} files, ${broken} findings`);
process.exitCode = broken === 0 ? 0 : 1;
