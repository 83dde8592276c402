/** Turns the text of an environment variable or a flag into the form that its setting takes. */
import type { Setting } from "./listSettings.ts";

/**
 * Text that does not have the form is returned as it is, so that the schema refuses it and says
 * why. A list is separated by commas.
 */
export function readSettingText(kind: Setting["kind"], text: string): unknown {
  switch (kind) {
    case "number":
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case "boolean":
      return readBoolean(text);
    case "list":
      return text.split(",").map((entry) => entry.trim());
    case "text":
      return text;
  }
}

function readBoolean(text: string): boolean | string {
  if (text === "true" || text === "1") return true;
  if (text === "false" || text === "0") return false;
  return text;
}
