/** A text as one word of a shell, whatever it holds: paths have spaces, and apostrophes. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
