/** Sets single values in a TOML text and leaves every comment and every other line as it is. */
import { parse, stringify } from "smol-toml";

export type TomlEdits = { readonly [dottedKey: string]: string | number | boolean };

/**
 * Only keys that stand on a line of their own in the text can be set: a file of another version,
 * without such a key, is an error and not silently left as it is.
 */
export function editToml(text: string, edits: TomlEdits): string {
  const missing = new Set(Object.keys(edits));
  let section = "";
  const lines = text.split("\n").map((line) => {
    section = /^\[([\w.-]+)\]\s*$/.exec(line)?.[1] ?? section;
    const name = /^([\w-]+)\s*=/.exec(line)?.[1];
    if (name === undefined) return line;
    const key = section === "" ? name : `${section}.${name}`;
    if (!Object.hasOwn(edits, key)) return line;
    missing.delete(key);
    return stringify({ [name]: edits[key] }).trimEnd();
  });
  if (missing.size > 0) throw new Error(`no line sets ${[...missing].join(", ")}`);
  const edited = lines.join("\n");
  parse(edited);
  return edited;
}
