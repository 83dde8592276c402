/** Breaks a sentence into lines between words. A word that is longer than a line stays whole. */

/** Not within the first words of a command, and not before an option: what a torn one leaves on a line does something else. */
const breaks = /(?<!\bnpx(?: r3mes(?: [a-z-]+)?)?) (?!--)/;

export function wrapText(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(breaks)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length > columns && line !== "") {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
