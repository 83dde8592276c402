/** Reads a TOML file as settings by dotted key. Knows nothing of which settings exist. */
import { readFileSync } from "node:fs";
import { R3mesError } from "@r3mes/protocol";
import { parse, TomlError } from "smol-toml";

/** Null when there is no such file. */
export function readConfigFile(path: string): ReadonlyMap<string, unknown> | null {
  const text = readIfThere(path);
  if (text === null) return null;
  return new Map(flatten(parseToml(path, text), []));
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Below something that is no folder there is no file either.
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw new R3mesError({ code: "FILE_UNREADABLE", path, reason: code ?? message });
  }
}

function parseToml(path: string, text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The first line is the reason; what follows is a drawing of the place.
    const reason = error.message.split("\n")[0]!.replace(/^Invalid TOML document: /, "");
    const { line, column } = error;
    throw new R3mesError({ code: "CONFIG_MALFORMED", path, line, column, reason });
  }
}

function flatten(table: Record<string, unknown>, path: readonly string[]): [string, unknown][] {
  return Object.entries(table).flatMap(([name, value]): [string, unknown][] => {
    const inner = [...path, name];
    if (isTable(value)) return flatten(value, inner);
    return [[inner.join("."), value]];
  });
}

function isTable(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === "[object Object]";
}
