/**
 * What must be there before anything runs, in order. A stage is a row of this table; how a stage is
 * found stale, run, logged and recovered is the same for all and lies elsewhere.
 */
import { platformHasBundledNode } from "./bundledNode.js";

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {string} what          What it does, for the line that a person sees.
 * @property {readonly string[]} inputs
 *   Files and whole folders, from the root; `*` stands for one path segment. Their content decides
 *   whether the stage is stale.
 * @property {RegExp} [ignored]     Paths under the inputs that decide nothing.
 * @property {readonly string[]} outputs  The stage is stale while one of them is missing.
 * @property {readonly string[]} command
 * @property {string} folder        Where the command runs, from the root.
 * @property {Readonly<Record<string, string>>} [environment]
 * @property {readonly string[]} tools    Names from the table in `tools.js`.
 * @property {string} [compiler]    A tool whose version is an input as well.
 * @property {boolean} [optional]
 *   Everything runs without it: where its tools are missing or it fails it is left out, and said so.
 * @property {readonly Filling[]} fills
 *
 * @typedef {object} Filling
 * A folder that the stage fills, and what it puts there the first time. Space is asked for only
 * while the folder does not exist: a rebuild needs little.
 * @property {string} folder        From the root, or a name that `goFolders` resolves.
 * @property {number} mebibytes
 */

/** @type {readonly Stage[]} */
export const stages = [
  {
    name: "packages",
    what: "npm ci",
    inputs: [
      "package.json",
      "package-lock.json",
      ".npmrc",
      "packages/*/package.json",
      "apps/*/package.json",
      "tools/package.json",
    ],
    outputs: [
      "node_modules/.package-lock.json",
      ...(platformHasBundledNode ? ["node_modules/.bin/node"] : []),
    ],
    // The checks are devDependencies and the bundled Node is an optional one, so neither
    // NODE_ENV=production nor a personal `omit` may leave them out.
    // npm itself runs on the Node of the machine, and warns of each package that wants a newer one:
    // true, and of no use here.
    command: ["npm", "ci", "--include=dev", "--include=optional", "--loglevel=error"],
    folder: ".",
    tools: ["npm"],
    fills: [{ folder: "node_modules", mebibytes: 1100 }],
  },
  {
    name: "chain",
    what: "go build",
    inputs: ["chain"],
    ignored: /^chain\/bin\/|_test\.go$|\/testdata\//,
    outputs: ["chain/bin/remesd"],
    // No version-control stamp: the binary depends on its inputs alone, as its fingerprint does.
    command: [
      ...["go", "build", "-v", "-trimpath", "-buildvcs=false"],
      ...["-ldflags", "-s -w", "-o", "bin/", "./cmd/..."],
    ],
    folder: "chain",
    environment: { GOTOOLCHAIN: "local" },
    tools: ["go"],
    compiler: "go",
    fills: [
      { folder: "chain/bin", mebibytes: 200 },
      { folder: "$GOCACHE", mebibytes: 1400 },
      { folder: "$GOMODCACHE", mebibytes: 1200 },
    ],
  },
  {
    name: "native",
    what: "native kernels",
    inputs: [
      "packages/engine/src/kernels/native",
      "tools/bootstrap/compileNative.js",
      "node_modules/node-api-headers/package.json",
    ],
    outputs: ["packages/engine/build/native/kernels.node"],
    command: ["node", "tools/bootstrap/compileNative.js"],
    folder: ".",
    tools: ["cc"],
    compiler: "cc",
    optional: true,
    fills: [{ folder: "packages/engine/build/native", mebibytes: 5 }],
  },
  {
    name: "modules",
    what: "modules compiled ahead",
    inputs: [
      "apps/api/src",
      "apps/cli/src/challenging",
      "apps/cli/src/processes/leanHeap.ts",
      "apps/indexer/src",
      "apps/miner/src",
      "apps/verifier/src",
      "packages/*/src",
      "package-lock.json",
      "tools/bootstrap/compileModules.js",
      "tools/bootstrap/loadModules.js",
    ],
    ignored:
      /\/(browser|fixtures|genesis|kernels|testdata|testing)\/|\.(test|bench|case)\.ts$|\.md$/,
    outputs: ["node_modules/.cache/r3mes"],
    // By npm, which finds the bundled Node first: what another version compiled is of no use to it.
    command: ["npm", "run", "--silent", "modules:compile"],
    folder: ".",
    tools: ["npm"],
    optional: true,
    fills: [{ folder: "node_modules/.cache/r3mes", mebibytes: 40 }],
  },
  {
    name: "dashboard",
    what: "the dashboard's pages",
    // The pages run steps again in the browser, so the engine and what it stands on are inputs too.
    inputs: [
      "apps/dashboard",
      "packages/engine",
      "packages/models",
      "packages/protocol",
      "packages/training",
      "package-lock.json",
    ],
    // What the build writes itself is no input, or it would never be current.
    ignored:
      /^apps\/dashboard\/(\.next|out|src\/server|next-env)|\/(build|dist|fixtures|genesis|kernels\/native|node_modules|testdata)\/|\.(test|bench)\.ts$|\.md$/,
    outputs: ["apps/dashboard/out/index.html"],
    command: ["npm", "run", "--silent", "build", "--workspace=@r3mes/dashboard"],
    folder: ".",
    environment: { NEXT_TELEMETRY_DISABLED: "1" },
    tools: ["npm"],
    fills: [
      { folder: "apps/dashboard/.next", mebibytes: 150 },
      { folder: "apps/dashboard/out", mebibytes: 10 },
    ],
  },
];
