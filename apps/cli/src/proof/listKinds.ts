/** What `r3mes list` lists. The tree of commands knows it, and loads nothing for that. */
export const listKinds = [
  "pools",
  "models",
  "datasets",
  "submissions",
  "cases",
  "adapters",
] as const;

export type ListKind = (typeof listKinds)[number];
