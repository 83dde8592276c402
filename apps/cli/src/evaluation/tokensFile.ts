/** A list of tokens that another program wrote. */
import { readFileSync } from "node:fs";
import { R3mesError } from "@r3mes/protocol";

/** @throws TOKENS_FILE_INVALID, FILE_UNREADABLE */
export function readTokensFile(path: string, vocabulary: number): readonly number[] {
  const tokens = parse(readText(path), path);
  const isList = Array.isArray(tokens) && tokens.length > 0;
  if (!isList) throw new R3mesError({ code: "TOKENS_FILE_INVALID", path });
  const position = tokens.findIndex(
    (token) => !Number.isInteger(token) || token < 0 || token >= vocabulary,
  );
  if (position >= 0) {
    const token = String(tokens[position]);
    throw new R3mesError({ code: "TOKENS_FILE_INVALID", path, position, token, vocabulary });
  }
  return tokens;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const reason = String((cause as NodeJS.ErrnoException).code);
    throw new R3mesError({ code: "FILE_UNREADABLE", path, reason }, { cause });
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new R3mesError({ code: "TOKENS_FILE_INVALID", path }, { cause });
  }
}
