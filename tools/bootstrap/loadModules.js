/** Loads the modules that it is told of, for Node to keep them compiled: `node [flags] loadModules.js {"modules": […], "threads": […]}`. */
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));
const { modules, threads } = JSON.parse(process.argv[2] ?? "");

const load = (/** @type {string} */ path) => {
  process.stdout.write(`${path}\n`);
  return import(pathToFileURL(join(root, path)).href);
};
for (const path of modules) await load(path);
for (const path of threads) await load(path).catch(() => undefined);
// What was loaded may keep a handle open.
process.exit(0);
