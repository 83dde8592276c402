/** The program of a Kubo that is new enough: the one that was named, one on the PATH, or one that is built from its Go module. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { isRecentKubo, kuboVersionMin } from "@r3mes/storage";
import { programOutput } from "../doctor/programOutput.ts";
import { repository } from "../repository.ts";
import { buildKubo } from "./buildKubo.ts";

/** A module of its own, so that the chain's dependencies stay few. */
export const kuboModule = join(repository, "tools/kubo");

/** @throws KUBO_TOO_OLD for a program that was named, KUBO_BUILD_FAILED */
export async function findKubo(
  named: string | undefined,
  onStep: (text: string) => void,
): Promise<string> {
  if (named !== undefined) {
    const found = (await versionOf(named)) ?? "unknown";
    if (isRecentKubo(found)) return named;
    throw new R3mesError({ code: "KUBO_TOO_OLD", found, needed: kuboVersionMin });
  }
  const usual = await versionOf("ipfs");
  if (usual !== null && isRecentKubo(usual)) return "ipfs";
  const built = builtKubo();
  if (!existsSync(built)) await buildKubo(kuboModule, built, onStep);
  return built;
}

/** Where the pinned Kubo is built, which is the least that will do. */
export function builtKubo(): string {
  return join(repository, "build", `kubo-${kuboVersionMin}`, "ipfs");
}

function versionOf(program: string): Promise<string | null> {
  return programOutput(program, ["version", "--number"]);
}
