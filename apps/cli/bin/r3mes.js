#!/usr/bin/env node
/**
 * The door itself. It must parse on any Node that knows modules: R3MES runs on Node 24, which is a
 * dependency, so an older Node only hands over to that one and passes on signals and the exit code.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import module from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const neededMajor = 24;
const packageFolder = dirname(dirname(fileURLToPath(import.meta.url)));
const repository = dirname(dirname(packageFolder));

if (Number(process.versions.node.split(".")[0]) >= neededMajor) {
  void open();
} else {
  const bundled = join(repository, "node_modules/.bin/node");
  if (existsSync(bundled)) handOver(bundled);
  else refuse();
}

async function open() {
  // Compiled code is kept between runs, which halves the time to the first line of output. Threads and processes that are started
  // from here inherit the place.
  process.env.NODE_COMPILE_CACHE ??= join(repository, "node_modules/.cache/r3mes");
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  if (process.env.R3MES_LAUNCHED === "1" && process.channel) {
    // The older Node that handed over is gone, even if it was killed outright: end in order.
    process.on("disconnect", () => process.kill(process.pid, "SIGHUP"));
    process.channel.unref();
  }
  delete process.env.R3MES_LAUNCHED;
  const { main } = await import("../src/main.ts");
  process.exitCode = await main(process.argv.slice(2));
}

/** @param {string} node */
function handOver(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, R3MES_LAUNCHED: "1" },
  });
  // A terminal sends Ctrl-C to both as well; the other takes signals close together as one.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 1;
    if (signal !== null) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

function refuse() {
  const catalogue = JSON.parse(readFileSync(join(repository, "spec/errors.json"), "utf8"));
  const entry = catalogue.find((candidate) => candidate.code === "NODE_TOO_OLD");
  const facts = { found: process.versions.node, needed: String(neededMajor) };
  const message = entry.title.replace(/\{(\w+)\}/g, (_whole, name) => facts[name]);
  const report = { code: entry.code, message, facts, next: entry.remedy };
  if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify(report)}\n`);
  else process.stderr.write(`error  ${message}.\n       ${entry.code}\n next  ${entry.remedy}\n`);
  process.exitCode = 3;
}
