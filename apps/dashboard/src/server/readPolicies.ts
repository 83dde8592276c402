/** The built pages with the policy of each. They are read once: a page never changes while it is served. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { contentSecurityPolicy } from "./contentSecurityPolicy.ts";

/** By the file's name in the folder, such as `round.html`. */
export type Policies = ReadonlyMap<string, string>;

export function readPolicies(folder: string): Policies {
  const names = namesIn(folder).filter((name) => name.endsWith(".html"));
  if (!names.includes("index.html")) throw new R3mesError({ code: "DASHBOARD_NOT_BUILT", folder });
  return new Map(
    names.map((name) => [name, contentSecurityPolicy(readFileSync(join(folder, name), "utf8"))]),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
