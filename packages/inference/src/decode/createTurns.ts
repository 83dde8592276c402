/**
 * What waits, in turns of those whom it is from: who has much waiting takes no turn from who has little. What is from one waits in the
 * order in which it came. It must not know what waits, or for what.
 */
export interface Turns<Item> {
  add(item: Item, asker: string): void;
  /**
   * Takes the first that fits of whoever had no turn for longest.
   *
   * @param fits whether it can be taken now; anything can unless said
   */
  take(fits?: (item: Item, asker: string) => boolean): Item | undefined;
  /** Takes this one out of its turn; false if it does not wait. */
  remove(item: Item): boolean;
  readonly size: () => number;
}

export function createTurns<Item>(): Turns<Item> {
  /** None is empty. Whoever had a turn last is last: a map keeps the order of insertion. */
  const lines = new Map<string, Item[]>();
  return {
    add(item, asker) {
      const line = lines.get(asker);
      if (line === undefined) lines.set(asker, [item]);
      else line.push(item);
    },
    take(fits = () => true) {
      for (const [asker, line] of lines) {
        const place = line.findIndex((item) => fits(item, asker));
        if (place < 0) continue;
        const [item] = line.splice(place, 1);
        lines.delete(asker);
        if (line.length > 0) lines.set(asker, line);
        return item;
      }
      return undefined;
    },
    remove(item) {
      for (const [asker, line] of lines) {
        const place = line.indexOf(item);
        if (place < 0) continue;
        line.splice(place, 1);
        if (line.length === 0) lines.delete(asker);
        return true;
      }
      return false;
    },
    size: () => [...lines.values()].reduce((sum, line) => sum + line.length, 0),
  };
}
