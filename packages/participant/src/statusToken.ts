/** The token that opens the stream of a process's status: made once, in a file that only its owner reads. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { writeWhole } from "@r3mes/service";

const file = "status.token";

export function statusToken(folder: string): string {
  const path = join(folder, file);
  // A disk may have lost what it held, and an empty token would let in everybody.
  const known = existsSync(path) ? read(path).trim() : "";
  if (known !== "") return known;
  const made = randomBytes(24).toString("base64url");
  writeWhole(path, made);
  return made;
}

/** @throws FILE_UNREADABLE */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new R3mesError({ code: "FILE_UNREADABLE", path, reason }, { cause });
  }
}
