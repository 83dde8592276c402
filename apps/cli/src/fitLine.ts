/** Cuts a line to the width of a terminal, so that a board can be drawn over itself. */
import { stripVTControlCharacters } from "node:util";

/** A line that is too long loses its colours: they take no room, and a cut must not lose their end. */
export function fitLine(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  const characters = [...plain];
  return characters.length <= columns ? line : characters.slice(0, columns).join("");
}
