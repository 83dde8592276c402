/** What an error of the file system means for the user: a full disk, or a folder without permission. */
import { R3mesError } from "@r3mes/protocol";

const full = new Set(["ENOSPC", "EDQUOT"]);
const forbidden = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "EISDIR"]);

/** Errors that mean neither are returned as they are. */
export function fileFailure(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? "";
  if (full.has(code)) return new R3mesError({ code: "DISK_FULL", path }, { cause: error });
  if (forbidden.has(code)) {
    return new R3mesError({ code: "FOLDER_NOT_WRITABLE", path, reason: code }, { cause: error });
  }
  return error;
}
