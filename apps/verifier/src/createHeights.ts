/** The heights that a verifier has seen, for whoever must be done by one of them. */

export interface Heights {
  note(height: bigint): void;
  newest(): bigint;
  /** Once this height was seen, or one after it. */
  reached(height: bigint): Promise<void>;
}

export function createHeights(): Heights {
  let newest = 0n;
  let waiting: { readonly height: bigint; readonly go: () => void }[] = [];
  return {
    note(height) {
      newest = height;
      const due = waiting.filter((one) => one.height <= height);
      waiting = waiting.filter((one) => one.height > height);
      for (const { go } of due) go();
    },
    newest: () => newest,
    async reached(height) {
      if (newest < height) await new Promise<void>((go) => waiting.push({ height, go }));
    },
  };
}
