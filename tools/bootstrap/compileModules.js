/**
 * Loads what every long-lived process loads, so that already its first life finds the modules stripped of types and compiled. Otherwise
 * each participant of a network does so for itself, all of them at once. Node finds kept code by the content of a module, so nothing
 * here can be out of date.
 */
import { spawnSync } from "node:child_process";
import module from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));
process.env.NODE_COMPILE_CACHE ??= join(root, "node_modules/.cache/r3mes");
module.enableCompileCache(process.env.NODE_COMPILE_CACHE);

const modules = [
  "apps/miner/src/mine.ts",
  "apps/verifier/src/verify.ts",
  "apps/api/src/runApi.ts",
  "apps/indexer/src/runIndexer.ts",
  // Loaded where somebody asks a model.
  "packages/models/src/tokenizer/loadTokenizer.ts",
];
/** Entered by a thread that somebody has started with what it needs: here they fail, behind their compilation. */
const threads = [
  "packages/participant/src/device/serveDevice.ts",
  "apps/api/src/inference/modelWorker.ts",
];
/** Processes that end at once where they have no folder. */
const processes = ["apps/miner/src/main.ts", "apps/verifier/src/main.ts"];

const load = (/** @type {string} */ path) => {
  process.stdout.write(`${path}\n`);
  return import(pathToFileURL(join(root, path)).href);
};
for (const path of modules) await load(path);
for (const path of threads) await load(path).catch(() => undefined);
module.flushCompileCache();
for (const path of processes) {
  spawnSync(process.execPath, [join(root, path), join(root, "node_modules/.cache/nobody")]);
}
