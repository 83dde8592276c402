/** How long a person waits for the front door to say what it can do. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type Bench, elapsedMs } from "@r3mes/tools/bench";

const repository = join(import.meta.dirname, "../../..");

export const bench: Bench = {
  about: "The time to the help text of r3mes, by npx and by the program itself.",
  contests() {
    const empty = {
      label: "an empty Node process",
      sample: elapsedMs(() => run(process.execPath, "-e", "0")),
    };
    const npx = { label: "npx", sample: elapsedMs(() => run("npx", "r3mes", "--help")) };
    const direct = {
      label: "r3mes",
      sample: elapsedMs(() => run(join(repository, "node_modules/.bin/r3mes"), "--help")),
    };
    return [
      { name: "npx r3mes --help", unit: "ms", ours: npx, rivals: [empty], rounds: 9 },
      { name: "r3mes --help", unit: "ms", ours: direct, rivals: [empty], rounds: 9 },
    ];
  },
};

function run(program: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { cwd: repository, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
}
