/** The second `npm start`: nothing changed, so every input is hashed and no stage runs. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Bench, elapsedMs } from "../bench/bench.ts";
import { fingerprint, listInputs } from "./fingerprint.js";
import { stages } from "./stages.js";
import { writeStamp } from "./stamps.js";
import { findVersion } from "./tools.js";

const repository = join(import.meta.dirname, "../..");

export const bench: Bench = {
  about: "The time the bootstrap takes when nothing changed.",
  contests() {
    const root = preparedCopy();
    process.once("exit", () => rmSync(root, { recursive: true, force: true }));
    const main = join(root, "tools/bootstrap/main.js");
    return [
      {
        name: "second run of the bootstrap",
        unit: "ms",
        ours: { label: "bootstrap", sample: elapsedMs(() => run([main, "prepare"])) },
        rivals: [{ label: "an empty Node process", sample: elapsedMs(() => run(["-e", "0"])) }],
        rounds: 9,
      },
    ];
  },
};

/**
 * A copy of everything the stages depend on, stamped as prepared. The measured run must never find
 * this checkout stale and set out to install it.
 */
function preparedCopy(): string {
  const root = mkdtempSync(join(tmpdir(), "r3mes-bench-"));
  const inputs = stages.flatMap((stage) => listInputs(repository, stage));
  for (const path of [...inputs, "tools/bootstrap", "spec/errors.json"]) {
    cpSync(join(repository, path), join(root, path), { recursive: true });
  }
  for (const stage of stages) {
    for (const output of stage.outputs) {
      mkdirSync(dirname(join(root, output)), { recursive: true });
      writeFileSync(join(root, output), "");
    }
    const version = stage.compiler === undefined ? null : findVersion(stage.compiler, process.env);
    writeStamp(root, stage, fingerprint(root, stage, version));
  }
  return root;
}

function run(args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}
