/** The token that opens the stream of a process's status: made once, in a file that only its owner reads. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const file = "status.token";

export function statusToken(folder: string): string {
  const path = join(folder, file);
  // A kill may have left the file empty, and an empty token would let in everybody.
  const known = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
  if (known !== "") return known;
  const made = randomBytes(24).toString("base64url");
  writeFileSync(path, made, { mode: 0o600 });
  return made;
}
