/** Runs one command of the chain's program to its end and returns what it printed. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { R3mesError } from "@r3mes/protocol";

const outputBytesMax = 64 * 2 ** 20;
const linesShown = 12;

/** The program that was named, or else the one that the bootstrap builds. */
export function findRemesd(named: string | undefined, built: string): string {
  const path = named ?? built;
  if (!existsSync(path)) throw new R3mesError({ code: "REMESD_MISSING", path });
  return path;
}

/** Standard output, without the white space around it. */
export async function runRemesd(remesd: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(remesd, [...args], { maxBuffer: outputBytesMax });
    return stdout.trim();
  } catch (error) {
    const { stderr, code } = error as { readonly stderr?: string; readonly code?: unknown };
    const lines = (stderr ?? "").trim().split("\n").slice(-linesShown);
    const command = `remesd ${args.filter((arg) => !arg.startsWith("/")).join(" ")}`;
    throw new R3mesError({
      code: "LOCALNET_SETUP_FAILED",
      command,
      ending: String(code ?? error),
      lines,
    });
  }
}
