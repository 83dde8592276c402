/** A file that the settings name, as text. */
import { readFile } from "node:fs/promises";
import { R3mesError } from "@r3mes/protocol";

/** @throws FILE_UNREADABLE */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new R3mesError({ code: "FILE_UNREADABLE", path, reason }, { cause });
  }
}
