/** How long a person waits for the front door to say what it can do. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type Bench, elapsedMs } from "@r3mes/tools/bench";

const repository = join(import.meta.dirname, "../../..");

export const bench: Bench = {
  about: "The time to the help text of r3mes, by npx and by the program itself.",
  contests() {
    const contestant = (label: string, program: string, ...args: readonly string[]) => ({
      label,
      sample: elapsedMs(() => run(program, ...args)),
    });
    const empty = contestant("an empty Node process", process.execPath, "-e", "0");
    const npm = contestant("npm --version", "npm", "--version");
    const npx = contestant("npx", "npx", "r3mes", "--help");
    const direct = contestant("r3mes", join(repository, "node_modules/.bin/r3mes"), "--help");
    return [
      { name: "npx r3mes --help", unit: "ms", ours: npx, rivals: [npm, empty], rounds: 9 },
      { name: "r3mes --help", unit: "ms", ours: direct, rivals: [empty], rounds: 9 },
    ];
  },
};

function run(program: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { cwd: repository, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
}
