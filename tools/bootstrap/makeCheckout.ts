/**
 * For the tests of the bootstrap: a checkout of its own in a temporary folder, with npm and Go
 * replaced by scripts whose behaviour the test chooses, and the real bootstrap run on it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { onTestFinished } from "vitest";

export type Checkout = {
  readonly root: string;
  write(path: string, text: string): void;
  /** Replaces a program on the PATH by a shell script. */
  install(program: string, script: string): void;
  uninstall(program: string): void;
  /** The commands that the fake programs were run with, but for questions after their version and npm's scripts. */
  runs(): readonly string[];
  start(args: readonly string[], options?: RunOptions): RunningBootstrap;
  run(args: readonly string[], options?: RunOptions): Promise<Outcome>;
};

export type RunOptions = {
  readonly environment?: NodeJS.ProcessEnv;
  readonly nodeArgs?: readonly string[];
};

export type Outcome = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type RunningBootstrap = {
  readonly process: ChildProcess;
  readonly outcome: Promise<Outcome>;
};

const record = 'echo "$(basename "$0") $*" >> "$FAKE_RUNS"';

/** An npm that installs nothing but what the stage promises: the lock's twin and a Node; any script of its leaves what a stage promises. */
export const npmThat = (first = ":") => `
if [ "$1" = --version ]; then echo 11.1.0; exit; fi
if [ "$1" = run ]; then
  mkdir -p node_modules/.cache/r3mes apps/dashboard/out && touch apps/dashboard/out/index.html; exit
fi
${record}
${first}
mkdir -p node_modules/.bin && ln -sf "$REAL_NODE" node_modules/.bin/node
echo '{}' > node_modules/.package-lock.json
`;

/** A Go that copies the chain's source into its binary, so that a test sees which one was built. */
export const goThat = (first = ":", version = "1.26.8") => `
if [ "$1" = version ]; then echo go version go${version} linux/amd64; exit; fi
if [ "$1" = env ]; then echo "$FAKE_CACHES/$2"; exit; fi
${record}
${first}
mkdir -p bin && cp main.go bin/remesd
`;

export function makeCheckout(): Checkout {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-bootstrap-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const root = join(folder, "checkout");
  const programs = join(folder, "programs");
  const runsPath = join(folder, "runs");
  for (const name of [
    root,
    programs,
    join(folder, "caches/GOCACHE"),
    join(folder, "caches/GOMODCACHE"),
  ]) {
    mkdirSync(name, { recursive: true });
  }

  const checkout: Checkout = {
    root,
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    install(program, script) {
      writeFileSync(join(programs, program), `#!/bin/sh\nset -e\n${script}`);
      chmodSync(join(programs, program), 0o755);
    },
    uninstall: (program) => rmSync(join(programs, program)),
    runs: () => (existsSync(runsPath) ? readFileSync(runsPath, "utf8").trim().split("\n") : []),
    start(args, { environment = {}, nodeArgs = [] } = {}) {
      const main = join(root, "tools/bootstrap/main.js");
      const child = spawn(process.execPath, [...nodeArgs, main, ...args], {
        cwd: folder,
        env: {
          HOME: folder,
          REAL_NODE: process.execPath,
          FAKE_RUNS: runsPath,
          FAKE_CACHES: join(folder, "caches"),
          ...environment,
          PATH: [programs, environment.PATH ?? "/usr/bin:/bin"].join(delimiter),
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      return { process: child, outcome: outcomeOf(child) };
    },
    run: (args, options) => checkout.start(args, options).outcome,
  };

  const source = join(import.meta.dirname, "../..");
  cpSync(join(source, "tools/bootstrap"), join(root, "tools/bootstrap"), {
    recursive: true,
    filter: (path) => !path.endsWith(".ts"),
  });
  cpSync(join(source, "spec/errors.json"), join(root, "spec/errors.json"));
  checkout.write("package.json", '{ "type": "module" }');
  checkout.write("package-lock.json", "{}");
  checkout.write("chain/main.go", "package main // first");
  checkout.install("npm", npmThat());
  checkout.install("go", goThat());
  checkout.install("cc", "exit 1");
  return checkout;
}

async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>(
    (resolve, reject) => {
      child.once("error", reject);
      child.once("close", (...ended) => resolve(ended));
    },
  );
  return { code, signal, stdout, stderr };
}
