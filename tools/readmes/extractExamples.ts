/** Finds the TypeScript examples of a Markdown text: its fenced blocks marked `ts`. */

export interface Example {
  /** 1-based line of the opening fence. */
  readonly line: number;
  readonly code: string;
}

export function extractExamples(markdown: string): Example[] {
  const examples: Example[] = [];
  let began: { line: number; code: string[] } | null = null;
  markdown.split("\n").forEach((line, index) => {
    if (began === null) {
      if (/^```ts\s*$/.test(line)) began = { line: index + 1, code: [] };
    } else if (/^```\s*$/.test(line)) {
      examples.push({ line: began.line, code: began.code.join("\n") });
      began = null;
    } else {
      began.code.push(line);
    }
  });
  return examples;
}
