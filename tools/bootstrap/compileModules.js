/**
 * Loads what every long-lived process loads, so that already its first life finds the modules stripped of types and compiled. Otherwise
 * each participant of a network does so for itself, all of them at once, and keeps what strips the types for as long as it lives. Node
 * finds kept code by the content of a module and by the flags of V8, so each process is loaded under its own, and nothing here can be
 * out of date.
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));
process.env.NODE_COMPILE_CACHE ??= join(root, "node_modules/.cache/r3mes");
const { leanHeap } = await import(
  pathToFileURL(join(root, "apps/cli/src/processes/leanHeap.ts")).href
);

/**
 * @typedef {object} Loaded
 * @property {readonly string[]} flags of V8
 * @property {readonly string[]} modules
 * @property {readonly string[]} threads entered by a thread that somebody has started with what it needs: here they fail, behind their compilation
 * @property {readonly string[]} processes they end at once where they have no folder
 */

/** @type {readonly Loaded[]} */
const kinds = [
  {
    flags: leanHeap,
    modules: ["apps/miner/src/mine.ts", "apps/verifier/src/verify.ts"],
    threads: ["packages/participant/src/device/serveDevice.ts"],
    processes: [
      "apps/miner/src/main.ts",
      "apps/verifier/src/main.ts",
      "apps/cli/src/challenging/main.ts",
    ],
  },
  {
    flags: [],
    modules: [
      "apps/api/src/runApi.ts",
      "apps/indexer/src/runIndexer.ts",
      // Loaded where somebody asks a model.
      "packages/models/src/tokenizer/loadTokenizer.ts",
    ],
    threads: ["apps/api/src/inference/modelWorker.ts"],
    processes: [],
  },
];

const loader = join(root, "tools/bootstrap/loadModules.js");
for (const { flags, modules, threads, processes } of kinds) {
  const { status } = spawnSync(
    process.execPath,
    [...flags, loader, JSON.stringify({ modules, threads })],
    { stdio: "inherit" },
  );
  if (status !== 0) process.exit(status ?? 1);
  for (const path of processes) {
    process.stdout.write(`${path}\n`);
    spawnSync(process.execPath, [
      ...flags,
      join(root, path),
      join(root, "node_modules/.cache/nobody"),
    ]);
  }
}
