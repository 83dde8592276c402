/** Which role the folder of a participant is of. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { settingsFile } from "@r3mes/participant/process";

/** The process of each role, by the command that runs it. */
export const roleMains = {
  mine: "apps/miner/src/main.ts",
  verify: "apps/verifier/src/main.ts",
  challenge: "apps/cli/src/challenging/main.ts",
} as const;

export type Role = keyof typeof roleMains;

/** The settings of a role lie in a table of its name. Undefined where there are none. */
export function roleOf(folder: string): Role | undefined {
  const path = join(folder, settingsFile);
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8");
  const tables = Array.from(text.matchAll(/^\s*\[\s*(\w+)\s*\]/gm), ([, name]) => name);
  return (Object.keys(roleMains) as Role[]).find((each) => tables.includes(each));
}
