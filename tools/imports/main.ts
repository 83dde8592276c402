/**
 * `npm run check:imports`: holds the import rules, looks for what doors export and nobody takes, and compares the picture in
 * ARCHITECTURE.md with the imports that exist.
 * `--write` redraws the picture.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readTree } from "../tidy/readTree.ts";
import { cruiseRepository } from "./cruiseRepository.ts";
import { drawPackages } from "./drawPackages.ts";
import { findUntaken } from "./findUntaken.ts";
import { importRules } from "./rules.ts";

const root = join(import.meta.dirname, "../..");
const begin = "<!-- imports:begin -->";
const end = "<!-- imports:end -->";

const result = await cruiseRepository(root, (room) => existsSync(join(root, room)));
let failed = false;
for (const violation of result.summary.violations) {
  failed = true;
  const reason = importRules.find(({ name }) => name === violation.rule.name)?.comment ?? "";
  console.error(`${violation.from} → ${violation.to}\n  ${violation.rule.name}: ${reason}`);
}

const untaken = findUntaken(readTree(root));
for (const { door, file, name, remedy } of untaken) {
  failed = true;
  console.error(`${file}: ${name} of ${door}\n  ${remedy}`);
}

const path = join(root, "ARCHITECTURE.md");
const text = readFileSync(path, "utf8");
const [head, rest] = text.split(begin);
const tail = rest?.split(end)[1];
if (head === undefined || tail === undefined) {
  throw new Error(`ARCHITECTURE.md lacks the marks ${begin} and ${end}`);
}
const picture = `\n\`\`\`mermaid\n${drawPackages(result.modules)}\n\`\`\`\n`;
const drawn = `${head}${begin}${picture}${end}${tail}`;
if (drawn !== text) {
  if (process.argv.includes("--write")) {
    writeFileSync(path, drawn);
    console.log("ARCHITECTURE.md: picture redrawn");
  } else {
    failed = true;
    console.error(
      "ARCHITECTURE.md: the picture differs from the imports; run `npm run gen:picture`",
    );
  }
}
const violations = result.summary.violations.length + untaken.length;
console.log(`${result.summary.totalCruised} files, ${violations} violations`);
process.exitCode = failed ? 1 : 0;
