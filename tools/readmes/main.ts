/**
 * `npm run check:readmes`: the TypeScript examples of every README compile against the packages as they are. An example
 * is compiled as a module of its own, in strict mode, with Node's types.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { extractExamples } from "./extractExamples.ts";

const root = join(import.meta.dirname, "../..");
const build = join(root, "build/readme-examples");

const readmes = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*README.md"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => /^(packages|apps|tools|simulation)\//.test(path) || path === "README.md");

rmSync(build, { recursive: true, force: true });
mkdirSync(build, { recursive: true });
const origins = new Map<string, string>();
for (const path of readmes) {
  for (const { line, code } of extractExamples(readFileSync(join(root, path), "utf8"))) {
    const file = `${path.replaceAll("/", "_").replace(/\.md$/, "")}_${line}.ts`;
    origins.set(file, `${path}:${line}`);
    writeFileSync(join(build, file), `${code}\nexport {};\n`);
  }
}
const config = {
  extends: "../../tsconfig.base.json",
  compilerOptions: {
    types: ["node"],
    noEmit: true,
    composite: false,
    declaration: false,
    emitDeclarationOnly: false,
    noUnusedLocals: false,
  },
  include: ["*.ts"],
};
writeFileSync(join(build, "tsconfig.json"), JSON.stringify(config));

if (origins.size > 0) {
  try {
    execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", build], {
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch (error) {
    const text = String((error as { stdout?: unknown }).stdout ?? error);
    for (const [file, origin] of origins) {
      if (text.includes(file)) console.error(`the example at ${origin} does not compile`);
    }
    console.error(text);
    process.exitCode = 1;
  }
}
console.log(`${origins.size} examples in ${readmes.length} READMEs`);
