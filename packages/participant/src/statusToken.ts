/** The token that opens the stream of a process's status: made once, in a file that only its owner reads. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const file = "status.token";

export function statusToken(folder: string): string {
  const path = join(folder, file);
  if (!existsSync(path)) {
    writeFileSync(path, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
  }
  return readFileSync(path, "utf8").trim();
}
