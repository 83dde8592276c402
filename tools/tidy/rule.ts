/** What a house rule is: a name, the reason a person sees when it is broken, and a pure search over the tree. */

/** Path from the root, with forward slashes, to text. */
export type Tree = ReadonlyMap<string, string>;

export interface Finding {
  readonly path: string;
  /** 1-based; absent where the whole file is meant. */
  readonly line?: number;
  readonly what: string;
}

export interface Rule {
  readonly name: string;
  readonly reason: string;
  find(tree: Tree): readonly Finding[];
}
