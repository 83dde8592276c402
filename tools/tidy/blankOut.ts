/**
 * Replaces comments and the insides of strings by blanks, so that a lexical rule sees code alone and line numbers stay
 * true. Knows the comments and strings of TypeScript, JavaScript and Go; a regular expression literal counts as code.
 */
export function blankOut(source: string): string {
  let out = "";
  let at = 0;
  while (at < source.length) {
    const end = endOfQuiet(source, at);
    if (end === at) {
      out += source[at];
      at += 1;
    } else {
      out += source.slice(at, end).replace(/[^\n]/g, " ");
      at = end;
    }
  }
  return out;
}

/** Where the comment or string that begins at `at` ends; `at` itself when none begins there. */
function endOfQuiet(source: string, at: number): number {
  const two = source.slice(at, at + 2);
  if (two === "//") return orEnd(source, source.indexOf("\n", at));
  if (two === "/*") return orEnd(source, source.indexOf("*/", at + 2), 2);
  const quote = source[at];
  if (quote !== '"' && quote !== "'" && quote !== "`") return at;
  for (let i = at + 1; i < source.length; i += 1) {
    if (source[i] === "\\") i += 1;
    else if (source[i] === quote) return i + 1;
    else if (source[i] === "\n" && quote !== "`") return at;
  }
  return at;
}

function orEnd(source: string, index: number, width = 0): number {
  return index === -1 ? source.length : index + width;
}
