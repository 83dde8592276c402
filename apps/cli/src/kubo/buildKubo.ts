/** Builds Kubo from its Go module, with a word now and then: some thousand packages take a small machine minutes. */
import { spawn } from "node:child_process";
import { mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { R3mesError } from "@r3mes/protocol";

const program = "github.com/ipfs/kubo/cmd/ipfs";
const packagesATold = 200;

/** The program is in its place when it is whole. */
export async function buildKubo(
  moduleFolder: string,
  path: string,
  onStep: (text: string) => void,
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.unfinished`;
  onStep("building Kubo from its Go module, once: this takes some minutes");
  await runGo(
    ["build", "-v", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", unfinished, program],
    moduleFolder,
    onStep,
  );
  renameSync(unfinished, path);
  onStep("built Kubo");
}

async function runGo(
  args: readonly string[],
  cwd: string,
  onStep: (text: string) => void,
): Promise<void> {
  const child = spawn("go", args, {
    cwd,
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, GOTOOLCHAIN: "local" },
  });
  let packages = 0;
  let last = "";
  createInterface({ input: child.stderr }).on("line", (line) => {
    last = line;
    packages += 1;
    if (packages % packagesATold === 0) onStep(`building Kubo: ${packages} packages are compiled`);
  });
  const reason = await new Promise<string | null>((ended) => {
    child.once("error", ({ message }) => ended(message));
    child.once("close", (code) => ended(code === 0 ? null : last));
  });
  if (reason !== null) throw new R3mesError({ code: "KUBO_BUILD_FAILED", reason });
}
