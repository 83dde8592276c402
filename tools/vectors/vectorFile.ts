/**
 * Owns the form of a vector file and the rule that vectors are transcribed, not regenerated: what
 * stands in a file stays, and only cases that are missing are added. See spec/vectors/README.md.
 */

export type VectorCase = { readonly name: string; readonly [field: string]: unknown };

export type VectorFile = {
  /** Relative to spec/vectors. */
  readonly path: string;
  readonly about: string;
  readonly cases: readonly VectorCase[];
};

export type Merge = {
  /** The text of the file with the missing cases added. */
  readonly text: string;
  readonly added: readonly string[];
  /** Cases whose values differ from the written ones, or that are written and no longer made. */
  readonly changed: readonly string[];
};

/** Adds the missing cases of `file` to what is written; reports, and keeps, what would change. */
export function mergeVectors(file: VectorFile, written: string | undefined): Merge {
  const old = new Map<string, VectorCase>(
    written === undefined
      ? []
      : (JSON.parse(written) as VectorFile).cases.map((vector) => [vector.name, vector]),
  );
  const made = new Map(file.cases.map((vector) => [vector.name, vector]));
  if (made.size !== file.cases.length) throw new Error(`${file.path}: two cases share a name`);
  const changed = [...old.values()]
    .filter((vector) => JSON.stringify(made.get(vector.name)) !== JSON.stringify(vector))
    .map((vector) => vector.name);
  const added = file.cases.filter((vector) => !old.has(vector.name)).map((vector) => vector.name);
  // In the order in which they are made now; what is written and no longer made stays, at the end.
  const left = [...old.values()].filter((vector) => !made.has(vector.name));
  const cases = [...file.cases.map((vector) => old.get(vector.name) ?? vector), ...left];
  return { text: writeVectors({ ...file, cases }), added, changed };
}

/** One case a line, so that a changed vector is one red line. */
export function writeVectors(file: VectorFile): string {
  const cases = file.cases.map((vector) => `    ${JSON.stringify(vector)}`).join(",\n");
  return `{\n  "about": ${JSON.stringify(file.about)},\n  "cases": [\n${cases}\n  ]\n}\n`;
}
