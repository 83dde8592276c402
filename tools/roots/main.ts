/**
 * `npm run roots [-- options of r3mes conformance]`: one long training run on every backend of this machine, and sampled parts of it by
 * whoever is not reached from Node: steps by WebGPU in Chromium, tiles by the referee in Go. Every line says who ran what;
 * what this machine does not have is named, never passed over.
 */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../gen/outputs.ts";
import { requireServer } from "../test/requireServer.ts";

/** `failed` is whoever came to no answer, which is no answer about bytes. */
type Witness = "equal" | "differs" | "absent" | "failed";

const folder = mkdtempSync(join(tmpdir(), "roots-"));
const samplesPath = join(folder, "samples.json");
try {
  runHere(process.argv.slice(2));
  // Whatever was wrong with the options has been said.
  if (existsSync(samplesPath)) repeatElsewhere();
} finally {
  rmSync(folder, { recursive: true });
}

function repeatElsewhere(): void {
  const samples = JSON.parse(readFileSync(samplesPath, "utf8")) as {
    readonly steps: readonly { readonly t: number }[];
    readonly cases: readonly object[];
  };
  const times = samples.steps.map(({ t }) => t);
  say(...repeatInChromium(`WebGPU in Chromium, steps ${times.join(", ")}`));
  say(...repeatInGo(`referee in Go, ${samples.cases.length} tiles of step ${times.at(-1)}`));
}

function say(found: Witness, text: string): void {
  if (found === "differs" || found === "failed") process.exitCode = 1;
  process.stdout.write(`${found}  ${text}\n`);
}

/** The run itself, whose lines, also those about what differs or fails, go to this process's output. */
function runHere(options: readonly string[]): void {
  const command = ["apps/cli/bin/r3mes.js", "conformance", "--roots", "--samples", samplesPath];
  const { status, signal } = spawnSync(process.execPath, [...command, ...options], {
    cwd: repositoryRoot,
    stdio: "inherit",
  });
  if (signal !== null) say("failed", `the run on this machine: ended by ${signal}`);
  else if (status !== 0) process.exitCode = 1;
}

function repeatInChromium(text: string): [Witness, string] {
  const chromium = requireServer("chromium", { PATH: process.env.PATH ?? "" });
  if (!chromium.available) return ["absent", `${text}: ${chromium.reason}`];
  const script = "packages/engine/src/testing/repeatRoots.ts";
  const run = spawnSync(process.execPath, [script, samplesPath, chromium.path], {
    cwd: repositoryRoot,
    encoding: "utf8",
  });
  const { status, stdout, stderr } = run;
  if (status !== 0) return ["failed", `${text}: ${endOf(run)}\n${stderr.trim()}`];
  const { differsAt } = JSON.parse(stdout) as { readonly differsAt: number | null };
  return differsAt === null ? ["equal", text] : ["differs", `${text}, at step ${differsAt}`];
}

/** On both engines of wazero, by the test that computes the tiles of the vectors. */
function repeatInGo(text: string): [Witness, string] {
  const test = [
    "test",
    "-trimpath",
    "-count=1",
    "-run",
    "^TestEngineRefereeComputesEveryKindOfTile$",
  ];
  const run = spawnSync("go", [...test, "./x/remes/referee", "-args", "-tiles", samplesPath], {
    cwd: join(repositoryRoot, "chain"),
    encoding: "utf8",
  });
  const { error, status, stdout, stderr } = run;
  if ((error as { code?: string } | undefined)?.code === "ENOENT") {
    return ["absent", `${text}: go is not installed`];
  }
  if (status === 0) return ["equal", text];
  // A build that fails has run no test, and a test that panics has compared nothing.
  const hasCompared = stdout.includes("--- FAIL: ") && !stdout.includes("panic: ");
  if (hasCompared) return ["differs", `${text}\n${stdout.trim()}`];
  return ["failed", `${text}: ${endOf(run)}\n${(stderr || stdout).trim()}`];
}

/** How a process ended, in words. */
function endOf({ error, signal, status }: SpawnSyncReturns<string>): string {
  if (error !== undefined) return error.message;
  return signal === null ? `ended with ${status}` : `ended by ${signal}`;
}
