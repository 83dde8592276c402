/** Deletes the chain of a localnet and its logs, and nothing else, after a yes. */
import { existsSync, rmSync } from "node:fs";
import { R3mesError } from "@r3mes/protocol";
import { fileFailure } from "@r3mes/service/command";
import type { Host } from "../host.ts";
import type { LocalnetPaths } from "./localnetPaths.ts";

export type Confirm = (question: string) => Promise<boolean>;

/** Returns whether there was anything to delete. */
export async function resetLocalnet(
  paths: LocalnetPaths,
  isConfirmed: boolean,
  host: Pick<Host, "stdin" | "stdout">,
  confirm: Confirm,
): Promise<boolean> {
  const targets = [paths.folder, paths.logs].filter((path) => existsSync(path));
  if (targets.length === 0) return false;
  if (!isConfirmed) await ask(paths.folder, host, confirm);
  try {
    for (const target of targets) rmSync(target, { recursive: true });
  } catch (error) {
    throw fileFailure(error, paths.home);
  }
  return true;
}

async function ask(
  path: string,
  host: Pick<Host, "stdin" | "stdout">,
  confirm: Confirm,
): Promise<void> {
  if (!host.stdin.isTTY || !host.stdout.isTTY) {
    throw new R3mesError({ code: "CONFIRMATION_NEEDED", path });
  }
  const isYes = await confirm(`Delete this localnet's chain, keys and logs?\n${path}`);
  if (!isYes) throw new R3mesError({ code: "ACTION_CANCELLED" });
}
